"""The story of a small company: decided beforehand, told by the real services, the same each time."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.queries import balance
from leadloop.loop import check
from leadloop.loop.simulator import Size, simulate
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.run import turns
from leadloop.loop.simulator.truth import CHANCE, Intent, Truth, buys, chance
from leadloop.loop.tests.conftest import Database

BERLIN = ZoneInfo("Europe/Berlin")
END = datetime(2026, 3, 20, 14, 40, tzinfo=UTC)
SMALL = Size(inquiries=30, days=12)


def told(*, seed: int = 7, inquiries: int = 300) -> Truth:
    return decide(seed, inquiries=inquiries, days=90, end=END, zone=BERLIN)


SOMEBODY = told(inquiries=20).inquirers[0]


def fetch(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_the_story_is_decided_beforehand_and_depends_on_the_seed() -> None:
    assert told() == told()
    assert told() != told(seed=8)


def test_300_inquiries_come_through_five_portals_with_everything_that_happens_in_life() -> None:
    truth = told()
    assert len(truth.hands) == 300
    assert [hand.at for hand in truth.hands] == sorted(hand.at for hand in truth.hands)
    assert all(truth.start <= hand.at <= END for hand in truth.hands)
    assert {hand.portal for hand in truth.hands} == {"web-form", "api", "trade-show", "phone", "referral"}
    assert {hand.programme for hand in truth.hands} == {"search", "social", "guide", "fair", ""}
    twists = Counter(hand.twist for hand in truth.hands)
    assert twists["again"] == 36
    assert twists["support"] + twists["job"] + twists["supplier"] == 21
    assert (twists["trap"], twists["mute"], twists["broken"]) == (9, 6, 3)
    assert END - truth.hands[-1].at < timedelta(minutes=10)  # somebody has only just asked


def test_nobody_in_the_story_exists() -> None:
    people = told().inquirers
    assert all(one.email.endswith(".example") for one in people)
    assert len({one.email for one in people}) == len(people)
    phones = [one.phone for one in people if one.phone]
    assert len(set(phones)) == len(phones)


@given(
    intent=st.sampled_from(Intent),
    days=st.tuples(st.floats(0, 60), st.floats(0, 60)).map(sorted),
    met=st.booleans(),
    written_to=st.booleans(),
)
def test_coming_later_never_raises_the_chance(intent: Intent, days: list[float], met: bool, written_to: bool) -> None:
    who = replace(SOMEBODY, intent=intent)
    early, late = (chance(who, days_to_contact=one, met=met, written_to=written_to) for one in days)
    assert late <= early <= 1
    assert chance(who, days_to_contact=days[0], met=True, written_to=True) >= early
    assert buys(who, days_to_contact=0, met=met, written_to=written_to) or CHANCE[intent] <= who.threshold


def test_turns_lie_between_start_and_end_and_the_end_is_the_last() -> None:
    start = END - timedelta(days=3)
    moments = list(turns(start, END, BERLIN))
    assert moments == sorted(moments)
    assert moments[-1] == END
    assert all(start < moment for moment in moments)


def test_a_small_story_is_told_to_its_end_and_every_promise_holds(empty_db: str) -> None:
    days: list[int] = []
    truth = simulate(seed=7, end=END, size=SMALL, on=lambda done, of: days.append(done))

    assert days[-1] == SMALL.days
    assert check.run() == []
    received = fetch("select state, count(*) from capture_submission group by 1")
    assert sum(int(str(count)) for _, count in received) == len(truth.hands) == 30
    assert "received" not in dict(received)
    assert all(row.waiting == 0 for row in balance(first=truth.start.date(), last=END.date()))
    assert fetch("select count(*) from ledger_parked") == [(0,)]
    assert fetch("select count(*) from outreach_message where state = 'queued' and not_before < now()") == [(0,)]
    # Nothing happens after the end; what the post office takes carries the machine's own seconds.
    after = f"happened_at > '{END.isoformat()}' and kind not like 'message.%'"
    assert fetch(f"select kind from ledger_event where {after}") == []


def test_the_same_person_in_other_letters_is_one_person(empty_db: str) -> None:
    truth = simulate(seed=3, end=END, size=Size(inquiries=50, days=12), on=lambda done, of: None)
    known = {hand.inquirer for hand in truth.hands if hand.inquirer >= 0}
    assert fetch("select count(*) from people_person where merged_into_id is null") == [(len(known),)]


def test_the_same_seed_tells_the_same_story(new_empty_db: Database) -> None:
    said = []
    for _ in range(2):
        with new_empty_db():
            simulate(seed=11, end=END, size=Size(inquiries=14, days=6), on=lambda done, of: None)
            # What the post office took is left out: it carries the machine's own time.
            facts = fetch(
                "select kind, happened_at, actor, lead_id, reason, amount from ledger_event"
                " where kind not like 'message.%' order by id"
            )
            said.append((facts, fetch("select id, stage, owner_id, due_at, fit from leads_lead order by id")))
    assert said[0] == said[1]


def test_what_was_true_can_be_written_down() -> None:
    text = json.dumps(asdict(decide(7, inquiries=20, days=9, end=END, zone=BERLIN)), default=lambda at: at.isoformat())
    assert len(json.loads(text)["hands"]) == 20
