"""Undo: the inverse of a step, which is a fact of its own. Nothing is erased."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.distribution import services as distribution
from leadloop.identity import services as identity
from leadloop.kernel.errors import Conflict, NotFound
from leadloop.leads import services as leads
from leadloop.ledger.contracts import Actor, by_user
from leadloop.ledger.services import record
from leadloop.loop.commands.desk import Done
from leadloop.loop.facts import CommandUndone
from leadloop.loop.models import Undo
from leadloop.outreach import services as outreach
from leadloop.people import services as people
from leadloop.platform.contracts import Viewer
from leadloop.selling import services as selling


def undo(viewer: Viewer, undo_id: int, *, now: datetime) -> Done:
    """Take a step of one's own back. Leads that somebody has changed since stay as they are, and the answer says so.

    Raises NotFound for another's step, Conflict for one that is too old or was taken back already.
    """
    with transaction.atomic():
        row = Undo.objects.select_for_update().filter(id=undo_id, user_id=viewer.user_id).first()
        if row is None:
            raise NotFound(f"There is no step {undo_id} of yours", field="undo")
        if row.done_at is not None or row.expires_at < now:
            raise Conflict(f"“{row.label}” can't be taken back any more", field="undo", mend="Change it by hand")
        actor = by_user(viewer.user_id)
        kept = _restore(row.inverse, row.verb, actor, now)
        row.done_at = now
        row.save(update_fields=["done_at"])
        record([CommandUndone(happened_at=now, undo_id=row.id, verb=row.verb)], actor=actor)
        lead_ids = tuple(one["lead_id"] for one in row.inverse["leads"])
        return Done(_words(row.label, len(kept), len(lead_ids)), None, lead_ids)


def _restore(inverse: dict[str, Any], verb: str, actor: Actor, now: datetime) -> list[int]:
    """Put leads back first: those that were passed over keep what lies beside them, too."""
    passed_over = leads.restore(inverse["leads"], verb=verb, actor=actor, now=now)
    free = {one["lead_id"] for one in inverse["leads"]} - set(passed_over)
    if free or not inverse["leads"]:
        distribution.reoffer([i for i in inverse.get("reoffer", []) if i in free], now=now)
        distribution.withdraw([i for i in inverse.get("end_offers", []) if i in free], now=now, reason="undone")
        selling.undo_log(inverse.get("activities", []), actor=actor, now=now)
        people.mend_numbers(inverse.get("numbers", []), actor=actor, now=now)
        identity.reopen_suggestions(inverse.get("suggestions", []), actor=actor, now=now)
        if "reopen_deal" in inverse:
            selling.reopen(inverse["reopen_deal"], actor=actor, now=now)
        if "deal_stage" in inverse:
            opportunity_id, stage, position = inverse["deal_stage"]
            selling.move_stage(opportunity_id, stage_key=stage, position=position, actor=actor, now=now)
        outreach.cancel(f"notify:{verb}", lead_ids=sorted(free), reason="undone", actor=actor, now=now)
    return passed_over


def _words(label: str, kept: int, of: int) -> str:
    if not kept:
        return f"Taken back: {label}"
    return f"Taken back, but {kept} of {of} stay as they are: somebody has changed them since"
