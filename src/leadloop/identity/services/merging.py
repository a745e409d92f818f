"""Two records turn out to be one person."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.identity.facts import PersonMerged
from leadloop.identity.queries.aliases import known_as
from leadloop.identity.queries.history import said_apart
from leadloop.identity.rules.merging import may_merge
from leadloop.identity.services.locking import lock_two
from leadloop.identity.services.suggesting import follow_merge
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Refused
from leadloop.leads.services import move_person
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import RowChange
from leadloop.people.services import merge_rows

_JOURNAL = """
insert into identity_mergejournal (survivor_id, loser_id, moved, reasons, actor, at)
values (%s, %s, %s::jsonb, %s::jsonb, %s, %s) returning id
"""


def merge(*, survivor_id: int, loser_id: int, actor: Actor, now: datetime, reasons: Sequence[Reason] = ()) -> int:
    """Make one person of two and return the id of the journal.

    Ids that were merged before stand for their survivors. What the survivor says stays, its gaps are filled; addresses,
    positions, consents, other systems' ids, match keys and leads move; the ledger is not touched, readers resolve old
    ids by `queries.survivors`. The journal holds every change in the order it was written: under "rows" those of
    persons and keys (see `people.contracts.RowChange`), under "leads" what `leads` returned.

    Raises NotFound for an unknown id, Conflict where both are one person already, Refused with its reasons for an
    erased person and for two of whom somebody said that they are never the same.
    """
    with transaction.atomic():
        survivor, loser = lock_two(survivor_id, loser_id)
        ids = known_as([survivor.id, loser.id])
        decision = may_merge(survivor, loser, said_apart=said_apart(ids[survivor.id], ids[loser.id]))
        if not decision.outcome:
            said = "; ".join(reason.text for reason in decision.reasons)
            raise Refused(f"These can't be merged. {said}.", decision=decision)
        into, out_of = survivor.id, loser.id
        changed = [*merge_rows(into, out_of), *(one.as_json() for one in _move_own(into, out_of))]
        changed += (one.as_json() for one in follow_merge(into=into, out_of=out_of, actor=actor, now=now))
        leads = move_person(loser_id=out_of, survivor_id=into, actor=actor, now=now)
        journal_id = _journal(into, out_of, {"rows": changed, "leads": leads}, reasons, actor=actor, now=now)
        fact = PersonMerged(happened_at=now, person_id=into, loser_id=out_of, journal_id=journal_id)
        record([fact], actor=actor)
    return journal_id


def _move_own(into: int, out_of: int) -> list[RowChange]:
    """Move the match keys, and lead every old id straight to the survivor."""
    keys = fetch("update identity_matchkey set person_id = %s where person_id = %s returning id", [into, out_of])
    aliases = fetch(
        "update identity_alias set survivor_id = %s where survivor_id = %s returning old_id", [into, out_of]
    )
    fetch("insert into identity_alias (old_id, survivor_id) values (%s, %s) returning 1", [out_of, into])
    return [
        *(RowChange("identity_matchkey", key_id, "person_id", out_of, into) for (key_id,) in keys),
        *(RowChange("identity_alias", old_id, "survivor_id", out_of, into) for (old_id,) in aliases),
        RowChange("identity_alias", out_of, "*", None, {"old_id": out_of, "survivor_id": into}),
    ]


def _journal(
    into: int, out_of: int, moved: dict[str, Any], reasons: Sequence[Reason], *, actor: Actor, now: datetime
) -> int:
    why = _json([reason.as_json() for reason in reasons])
    ((journal_id,),) = fetch(_JOURNAL, [into, out_of, _json(moved), why, actor, now])
    return int(journal_id)


def _json(value: Any) -> str:
    return orjson.dumps(value).decode()
