"""Taking back what a run wrote, as far as it still stands."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.enrichment.contracts import TakenBack
from leadloop.enrichment.facts import EnrichmentUndone
from leadloop.enrichment.models import Change, Run
from leadloop.enrichment.rules import text_of
from leadloop.kernel.errors import Conflict, NotFound
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.people.rules.changing import ATTRIBUTE
from leadloop.people.services import hold_companies, set_company_fields


@transaction.atomic
def undo_run(*, run_id: int, actor: Actor, now: datetime) -> TakenBack:
    """Give every field that a run wrote its old value back; what has changed again since stays, and is counted.

    Of a field written twice within the run, the value before the first is given back. NotFound for an unknown run,
    Conflict for one that was taken back before. A constant number of queries.
    """
    standing = Run.objects.select_for_update().filter(id=run_id).first()
    if standing is None:
        raise NotFound("There is no such run", field="run")
    if standing.undone_at is not None:
        raise Conflict("this run was taken back already", field="run", mend="Load the page again")
    changes = list(Change.objects.filter(run_id=run_id, undone=False).order_by("-id"))
    held = hold_companies({one.company_id for one in changes})
    wanted: dict[int, dict[str, Any]] = {}
    taken: list[int] = []
    for one in changes:
        back = wanted.setdefault(one.company_id, {})
        stands = back.get(one.field, held[one.company_id].get(one.field))
        if text_of(stands) == one.new:
            back[one.field] = _typed(one.field, one.old)
            taken.append(one.id)
    set_company_fields(wanted, actor=actor, now=now, source="enrichment taken back")
    Change.objects.filter(id__in=taken).update(undone=True)
    done = TakenBack(len(taken), len(changes) - len(taken))
    Run.objects.filter(id=run_id).update(undone_at=now, taken_back=done.changes, kept=done.kept)
    record([EnrichmentUndone(happened_at=now, run_id=run_id, changes=done.changes, kept=done.kept)], actor=actor)
    return done


def _typed(field: str, text: str) -> Any:
    if field == "employees":
        return int(text) if text else None
    return (text or None) if field.startswith(ATTRIBUTE) else text
