"""Whatever happens to a pursuit, in whatever order: an owner, a promise, a stage that the ledger tells."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.kernel.errors import Conflict, NotFound, Refused
from leadloop.leads.contracts import CLOSED_STAGES, Ask, Move, PromiseKind, Stage
from leadloop.leads.services import break_due, drop, keep, own, promise, reschedule, restore, snapshot, stamped
from leadloop.leads.tests.world import World, facts, owed, row, unsound

kinds = st.sampled_from([str(kind) for kind in PromiseKind])
people = st.sampled_from(["kim", "ola", "sam", "tomas"])
hours = st.integers(-5, 200)
reasons = st.sampled_from(["", "price", "not_now", "junk", "bought", "not_my_area", "not_worked", "called_ahead"])

steps = st.one_of(
    st.tuples(st.just("move"), st.sampled_from(list(Stage)), reasons, st.none() | people, st.none() | hours),
    st.tuples(st.just("undone move"), st.sampled_from(list(Stage)), reasons),
    st.tuples(st.just("keep"), kinds),
    st.tuples(st.just("drop"), kinds),
    st.tuples(st.just("promise"), kinds, hours),
    st.tuples(st.just("put off"), kinds, hours),
    st.tuples(st.just("own"), people),
    st.tuples(st.just("ask again")),
    st.tuples(st.just("wait"), st.integers(1, 300)),
)


def take(office: World, lead_id: int, step: tuple[Any, ...]) -> None:
    verb, *more = step
    actor, now = office.by("ines"), office.now
    match verb:
        case "move":
            to, reason, owner, hour = more
            due_at = now + timedelta(hours=hour) if hour is not None else None
            owner_id = office.user(owner) if owner else None
            office.move_all(
                [
                    Move(
                        lead_id=lead_id,
                        to=to,
                        reason=reason,
                        owner_id=owner_id,
                        due_at=due_at,
                        exception_code="called_ahead",
                    )
                ]
            )
        case "undone move":
            before = snapshot([lead_id])
            office.move(lead_id, more[0], reason=more[1])
            assert restore(stamped(before), verb="move", actor=actor, now=now) == []
        case "keep":
            keep([(lead_id, more[0], "activity:1")], actor=actor, now=now)
        case "drop":
            drop([(lead_id, more[0])], actor=actor, now=now)
        case "promise":
            promise([Ask(lead_id, more[0], None, now + timedelta(hours=more[1]))], actor=actor, now=now)
        case "put off":
            reschedule(lead_id, more[0], now + timedelta(hours=more[1]), actor=actor, now=now)
        case "own":
            own([(lead_id, office.user(more[0]))], actor=actor, now=now)
        case "ask again":
            office.raise_hand(row(lead_id).person_id)
        case "wait":
            break_due(1000, now=office.later(hours=more[0]))


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(st.lists(steps, max_size=12))
def test_every_walk_keeps_the_promises_of_the_room(office: World, walk: list[tuple[Any, ...]]) -> None:
    lead_id = office.lead_in(Stage.INQUIRY).id
    for step in walk:
        before = row(lead_id)
        try:
            take(office, lead_id, step)
        except (Refused, NotFound, Conflict):
            assert row(lead_id) == before
        assert unsound() == []
    lead = row(lead_id)
    told = [payload for _, payload in facts(lead_id, "lead.opened", "lead.moved", "lead.owned")]
    stages = [payload.get("after") or payload.get("stage") for payload in told]
    assert [stage for stage in stages if stage][-1] == lead.stage
    assert told[-1]["owner_id"] == lead.owner_id
    assert {one.owner_id for one in owed(lead_id).values()} <= {lead.owner_id}
    assert bool(owed(lead_id)) == (lead.stage not in CLOSED_STAGES)
