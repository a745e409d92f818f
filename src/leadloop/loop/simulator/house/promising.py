"""What `leads` does with promises: made, kept, dropped, broken, and never none on an open lead."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.leads.contracts import CLOSED_STAGES, PromiseState
from leadloop.leads.rules import FOLLOW_UP
from leadloop.ledger.contracts import Actor, by_system
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.rows import iso
from leadloop.loop.simulator.house.state import Lead, Owed

CLOCK = by_system("clock")


class Asked(NamedTuple):
    """A promise to be made; `owner_id` None is the lead's owner."""

    kind: str
    due_at: datetime
    note: str = ""
    owner_id: int | None = None


class Settled(NamedTuple):
    """What became of a promise; `unnoticed` tells that its time had passed before anybody saw."""

    owed: Owed
    state: PromiseState
    unnoticed: bool


def make(house: House, lead: Lead, kind: str, owner_id: int, due_at: datetime, note: str = "") -> Owed | None:
    """Write a promise; None where one of this kind runs."""
    if kind in lead.owed:
        return None
    owed = Owed(
        id=house.ids.next("leads.Promise"),
        lead_id=lead.id,
        kind=str(kind),
        owner_id=owner_id,
        made_at=house.now,
        due_at=due_at,
        note=note,
    )
    lead.owed[owed.kind] = owed
    house.rows.promises.append(owed)
    house.promise_to_break(owed)
    return owed


def settle(house: House, lead: Lead, owed: Owed, state: PromiseState, evidence: str = "") -> Settled:
    """Settle a promise, and leave what is to be told of it."""
    unnoticed = owed.broken_at is None and owed.due_at < house.now
    owed.state, owed.evidence, owed.settled_at = str(state), evidence, house.now
    if unnoticed:
        owed.broken_at = owed.due_at
    del lead.owed[owed.kind]
    return Settled(owed, state, unnoticed)


def tell_settled(house: House, lead: Lead, settled: Sequence[Settled], actor: Actor, reason: str = "") -> None:
    """The facts about settled promises."""
    for one in settled:
        owed = one.owed
        about = {"promise_id": owed.id, "promise": owed.kind, "owner_id": owed.owner_id}
        if one.unnoticed:
            tell_broken(house, lead, owed, actor)
        if one.state is PromiseState.KEPT:
            late = max(0, int((house.now - owed.due_at).total_seconds()))
            about |= {"evidence": owed.evidence, "late_seconds": late}
            house.tell("promise.kept", about, lead=lead, person_id=lead.person.id, actor=actor)
        else:
            house.tell("promise.dropped", about, lead=lead, person_id=lead.person.id, reason=reason, actor=actor)


def tell_broken(house: House, lead: Lead, owed: Owed, actor: Actor) -> None:
    """The promise's time passed without evidence."""
    about = {"promise_id": owed.id, "promise": owed.kind, "owner_id": owed.owner_id, "due_at": iso(owed.due_at)}
    house.tell("promise.broken", about, lead=lead, person_id=lead.person.id, at=owed.due_at, actor=actor)


def tell_made(house: House, lead: Lead, made: Sequence[Owed], actor: Actor, version: int | None = None) -> None:
    """The facts about promises made apart from opening and moving."""
    for owed in made:
        about = {"promise_id": owed.id, "promise": owed.kind, "owner_id": owed.owner_id, "due_at": iso(owed.due_at)}
        house.tell("promise.made", about, lead=lead, person_id=lead.person.id, version=version, actor=actor)


def change(
    house: House,
    lead: Lead,
    wanted: Mapping[str, tuple[PromiseState, str]],
    asks: Sequence[Asked],
    *,
    actor: Actor,
    reason: str = "",
) -> None:
    """Settle what is wanted by kind, make what is asked, and follow up where the lead would owe nothing.

    Does what `leads.services.promise_changes.apply` does for one lead.
    """
    asked = {ask.kind: ask for ask in asks}
    running = lead.running()
    settled = [settle(house, lead, one, *wanted[one.kind]) for one in running if one.kind in wanted]
    replaced = [
        settle(house, lead, one, PromiseState.DROPPED)
        for one in running
        if one.kind in asked and one.kind not in wanted
    ]
    new = [_new(ask, lead) for ask in asked.values()]
    if not new and not lead.owed and lead.stage not in CLOSED_STAGES:
        kind = FOLLOW_UP[lead.stage]
        new = [(str(kind), lead.owner_id, house.due_times(kind, lead.owner_id), "")]
    made = [owed for one in new if (owed := make(house, lead, *one))]
    head(lead)
    tell_settled(house, lead, settled, actor, reason)
    tell_settled(house, lead, replaced, actor, "replaced")
    tell_made(house, lead, made, actor)


def _new(ask: Asked, lead: Lead) -> tuple[str, int, datetime, str]:
    return str(ask.kind), lead.owner_id if ask.owner_id is None else ask.owner_id, ask.due_at, ask.note


def head(lead: Lead) -> None:
    """Write the earliest promise onto the lead."""
    if lead.owed:
        lead.due_at, lead.due_kind = min((one.due_at, one.kind) for one in lead.owed.values())


def break_due(house: House) -> None:
    """Mark promises whose time has passed."""
    for owed in house.run_out():
        owed.broken_at = house.now
        tell_broken(house, house.leads[owed.lead_id], owed, CLOCK)
