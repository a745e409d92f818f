"""One way to change what is owed on leads: settle, promise, and see to it that something is owed afterwards."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.kernel.errors import NotFound, Refused
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, PromiseRow, PromiseState
from leadloop.leads.rules import FOLLOW_UP, DueTimes
from leadloop.leads.services import telling
from leadloop.leads.services.shapes import NewPromise, Settlement
from leadloop.leads.services.store import lock, running, write_dues, write_promises, write_settled
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform.queries import calendars

Asked = tuple[int, str, int | None, datetime, str]
Wanted = Mapping[tuple[int, str], tuple[PromiseState, str]]
Owed = Mapping[int, Sequence[PromiseRow]]


class Applied(NamedTuple):
    """Ids of the promises that were settled as asked, and of those that were made as asked."""

    settled: list[int]
    made: list[int]


def apply(
    wanted: Wanted,
    asks: Iterable[Asked],
    *,
    actor: Actor,
    now: datetime,
    terms: Terms | None = None,
    reason: str = "",
) -> Applied:
    """Settle what is wanted, as (lead, kind), make what is asked, and follow up where a lead would owe nothing."""
    asked = {(ask[0], ask[1]): ask for ask in asks}
    if not wanted and not asked:
        return Applied([], [])
    with transaction.atomic():
        leads = lock({lead_id for lead_id, _ in (*wanted, *asked)})
        _must_be_open({lead_id for lead_id, _ in asked}, leads)
        owed = running(leads)
        settled = list(_settlements(owed, wanted))
        replaced = list(_replaced(owed, asked, wanted))
        new = [_new(ask, leads[lead_id]) for (lead_id, _), ask in asked.items()]
        new += _follow_ups(leads, owed, [*settled, *replaced], new, now, terms)
        made = _write(leads, owed, [*settled, *replaced], new, now)
        facts = [*telling.settled(settled, leads, now, reason), *telling.settled(replaced, leads, now, "replaced")]
        persons = {lead.id: lead.person_id for lead in leads.values()}
        record([*facts, *telling.made(made, persons, now)], actor=actor)
    asked_for = [promise_id for promise_id, one in made if (one.lead_id, one.kind) in asked]
    return Applied([one.promise.id for one in settled], asked_for)


def _settlements(owed: Owed, wanted: Wanted) -> Iterator[Settlement]:
    for row in _rows(owed):
        if (row.lead_id, row.kind) in wanted:
            state, evidence = wanted[row.lead_id, row.kind]
            yield Settlement(row, state, row.owner_id, evidence)


def _replaced(owed: Owed, asked: Mapping[tuple[int, str], Asked], wanted: Wanted) -> Iterator[Settlement]:
    for row in _rows(owed):
        if (row.lead_id, row.kind) in asked and (row.lead_id, row.kind) not in wanted:
            yield Settlement(row, PromiseState.DROPPED, row.owner_id)


def _new(ask: Asked, lead: LeadRow) -> NewPromise:
    _, kind, owner_id, due_at, note = ask
    return NewPromise(lead.id, kind, lead.owner_id if owner_id is None else owner_id, due_at, note)


def _follow_ups(
    leads: Mapping[int, LeadRow],
    owed: Owed,
    settled: Sequence[Settlement],
    new: Sequence[NewPromise],
    now: datetime,
    terms: Terms | None,
) -> list[NewPromise]:
    gone, provided = {one.promise.id for one in settled}, {one.lead_id for one in new}
    bare = [
        lead
        for lead in leads.values()
        if lead.stage not in CLOSED_STAGES and lead.id not in provided and all(row.id in gone for row in owed[lead.id])
    ]
    if not bare:
        return []
    due_times = DueTimes(terms or in_force(now), calendars({lead.owner_id for lead in bare}), now)
    kinds = [(lead, FOLLOW_UP[lead.stage]) for lead in bare]
    return [NewPromise(lead.id, kind, lead.owner_id, due_times(kind, lead.owner_id)) for lead, kind in kinds]


def _write(
    leads: Mapping[int, LeadRow],
    owed: Owed,
    settled: Sequence[Settlement],
    new: Sequence[NewPromise],
    now: datetime,
) -> list[tuple[int, NewPromise]]:
    write_settled(settled, now)
    made = write_promises(new, now)
    write_dues(list(_dues(leads, owed, settled, new)))
    return made


def _dues(
    leads: Mapping[int, LeadRow], owed: Owed, settled: Sequence[Settlement], new: Sequence[NewPromise]
) -> Iterator[tuple[int, datetime, str]]:
    """The earliest promise of each lead, where it differs from the one the lead shows."""
    gone = {one.promise.id for one in settled}
    left: dict[int, list[tuple[datetime, str]]] = {
        lead_id: [(row.due_at, row.kind) for row in rows if row.id not in gone] for lead_id, rows in owed.items()
    }
    for one in new:
        left[one.lead_id].append((one.due_at, one.kind))
    for lead_id, dues in left.items():
        if dues and min(dues) != (leads[lead_id].due_at, leads[lead_id].due_kind):
            yield (lead_id, *min(dues))


def _rows(owed: Owed) -> Iterator[PromiseRow]:
    for rows in owed.values():
        yield from rows


def _must_be_open(wanted: set[int], leads: Mapping[int, LeadRow]) -> None:
    if wanted - leads.keys():
        raise NotFound(f"there is no lead {min(wanted - leads.keys())}", field="lead_id")
    if any(leads[lead_id].stage in CLOSED_STAGES for lead_id in wanted):
        raise Refused("nothing can be promised on a closed lead", field="lead_id", mend="Open it again first")
