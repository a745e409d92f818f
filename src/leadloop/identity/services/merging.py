"""Two records turn out to be one person."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
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
from leadloop.ledger.sql import fetch, run
from leadloop.people.apart import LOSER, SURVIVOR
from leadloop.people.contracts import RowChange
from leadloop.people.services import merge_rows, stand_before

_JOURNAL = """
insert into identity_mergejournal (survivor_id, loser_id, moved, reasons, actor, at)
values (%s, %s, %s::jsonb, %s::jsonb, %s, %s) returning id
"""


def merge(
    *,
    survivor_id: int,
    loser_id: int,
    actor: Actor,
    now: datetime,
    reasons: Sequence[Reason] = (),
    taken: Collection[str] = (),
) -> int:
    """Make one person of two and return the id of the journal.

    Ids that were merged before stand for their survivors. What the survivor says stays, but for what is `taken` from
    the loser (see `people.rules.merging.merged`); its gaps are filled; addresses, positions, consents, other systems'
    ids, match keys and leads move; the ledger is not touched, readers resolve old ids by `queries.survivors`. The
    journal holds every change in the order it was written: under "rows" those of persons and keys (see
    `people.contracts.RowChange`), under "leads" what `leads` returned; and under "before", "keys" and "mark" how both
    stood, which `unmerge` begins with.

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
        before = {"before": stand_before(into, out_of), **_kept(into, out_of)}
        changed = [*merge_rows(into, out_of, taken), *(one.as_json() for one in _move_own(into, out_of))]
        changed += (one.as_json() for one in follow_merge(into=into, out_of=out_of, actor=actor, now=now))
        changed += (one.as_json() for one in follow_merge(into=into, out_of=out_of, actor=actor, now=now))
        leads = move_person(loser_id=out_of, survivor_id=into, actor=actor, now=now)
        journal_id = _journal(into, out_of, {"rows": changed, "leads": leads, **before}, reasons, actor=actor, now=now)
        fact = PersonMerged(happened_at=now, person_id=into, loser_id=out_of, journal_id=journal_id)
        record([fact], actor=actor)
    return journal_id


def note_moved(journal_id: int, moved: Mapping[str, Sequence[int]]) -> None:
    """Add to the journal what other rooms moved, as ids by name. The merge is of the same transaction."""
    run("update identity_mergejournal set moved = moved || %s::jsonb where id = %s", [_json(moved), journal_id])


def _kept(survivor_id: int, loser_id: int) -> dict[str, Any]:
    """Return what `unmerge` begins with beside the rows of `people`: the keys of both, and the last decision so far.

    Both must be locked: whoever resolves an inquiry to one of them holds them, so later decisions have later ids.
    """
    keys: dict[int, list[list[str]]] = {survivor_id: [], loser_id: []}
    for person_id, kind, value in fetch(
        "select person_id, kind, value from identity_matchkey where person_id = any(%s) order by id", [list(keys)]
    ):
        keys[person_id].append([kind, value])
    ((mark,),) = fetch("select coalesce(max(id), 0) from identity_matchdecision", [])
    return {"keys": {SURVIVOR: keys[survivor_id], LOSER: keys[loser_id]}, "mark": mark}


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
