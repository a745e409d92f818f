"""Who asks now does not wait for the end of what a night has left to do."""

from __future__ import annotations

from math import inf

import pytest

from leadloop.ledger.contracts import Event, Lane, by_system
from leadloop.ledger.services import record
from leadloop.loop import intake, pump
from leadloop.loop.routes import Route
from leadloop.people.facts import PersonRemembered
from tests.support.cast import MONDAY

BACKLOG, AT_ONCE = 30, 10


@pytest.fixture
def seen(fresh_db: str, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What a turn looks at, in order, with three batches of facts behind one route."""
    order: list[str] = []

    def handle(events: list[Event]) -> None:
        order.append(f"route {len(events)}")

    def take(lane: Lane, *, limit: int, by: int) -> int:
        order.append("door")
        return 0

    monkeypatch.setattr(pump, "ROUTES", (Route("trial", ("person.remembered",), handle),))
    monkeypatch.setattr(intake, "take", take)
    pump.prepare()
    facts = [PersonRemembered(happened_at=MONDAY, person_id=n) for n in range(BACKLOG)]
    record(facts, actor=by_system("test"))
    return order


@pytest.mark.parametrize(
    ("look_again", "expected"),
    [
        (inf, ["door", *["route 10"] * 3]),
        (0.0, ["door", *["route 10", "door"] * 3]),
    ],
)
def test_the_door_is_looked_at_between_two_batches(seen: list[str], look_again: float, expected: list[str]) -> None:
    assert pump.turn(Lane.LIVE, limit=AT_ONCE, look_again=look_again) == BACKLOG
    assert seen == expected
