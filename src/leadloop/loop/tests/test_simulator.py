"""The demo company: decided beforehand, the same each time, and every promise holds in it."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import orjson
import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.queries import balance
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import Lane
from leadloop.ledger.facts import payload_fields
from leadloop.loop import check, pump
from leadloop.loop.cli import signins
from leadloop.loop.cli.work import demo
from leadloop.loop.simulator import Size, Story, Truth, market, simulate, truth_of
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.bodies import delivery
from leadloop.loop.simulator.company import DILIGENCE, FIRM, staff_for
from leadloop.loop.simulator.foretelling import FRIDAY, moments
from leadloop.loop.simulator.house.rows import EVENT
from leadloop.loop.simulator.truth import CHANCE, Intent, buys, by_number, chance
from leadloop.loop.tests.conftest import Database
from leadloop.platform.roles import Role
from leadloop.tracking.forecast.queries import plans, submitted
from leadloop.tracking.forecast.rules import month_after, months_from

ZONE = ZoneInfo(FIRM.zone)
END = datetime(2026, 3, 20, 14, 40, tzinfo=UTC)
SMALL = Size(leads=60, days=70)


def told(*, seed: int = 7, leads: int = 300, days: int = 548) -> Truth:
    return decide(seed, leads=leads, days=days, end=END, zone=ZONE)


NEVER_FOLLOWED_UP = f"""
select count(distinct a.lead_id) from distribution_assignment a
 where a.offered_at < '{(END - timedelta(days=1)).isoformat()}'
   and not exists (select from selling_activity t
                    where t.lead_id = a.lead_id and t.contacted and t.happened_at >= a.offered_at)
"""
SOMEBODY = told(leads=20).inquirers[0]


def fetch(sql: str) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def test_the_story_is_decided_beforehand_and_depends_on_the_seed() -> None:
    assert told() == told()
    assert told() != told(seed=8)


@pytest.mark.parametrize("seed", range(20))
def test_nobody_asks_after_the_end(seed: int) -> None:
    assert max(hand.at for hand in told(seed=seed, leads=60, days=1).hands) < END


def test_inquiries_come_through_a_dozen_portals_and_programmes_with_everything_that_happens_in_life() -> None:
    truth = told(leads=1500)
    assert [hand.at for hand in truth.hands] == sorted(hand.at for hand in truth.hands)
    assert all(truth.start <= hand.at < END for hand in truth.hands)
    assert all(hand.at.microsecond for hand in truth.hands)  # whole seconds belong to the clock
    assert {hand.portal for hand in truth.hands} == {*market.PORTALS, "trade-show"}
    assert {hand.programme for hand in truth.hands} - {""} == set(market.EFFECTS)
    assert len(market.PORTALS) + 1 == 12
    twists = Counter(hand.twist for hand in truth.hands)
    assert (twists[""], twists["again"], twists["trap"]) == (1500, 300, 45)
    assert twists["support"] + twists["job"] + twists["supplier"] == 90
    assert END - truth.hands[-1].at < timedelta(minutes=10)  # somebody has only just asked


def test_spring_is_livelier_than_the_days_about_new_year() -> None:
    months = Counter(hand.at.month for hand in told(leads=3000, days=730).hands)
    assert months[3] > 1.4 * months[12]
    assert months[9] > 1.2 * months[8]


def test_some_inquirers_take_part_in_one_project() -> None:
    people = told(leads=800).inquirers
    founders = by_number(people)
    partakers = [one for one in people if one.project != one.number]
    assert len(partakers) > 30
    for one in partakers:
        founder = founders[one.project]
        assert (one.firm, one.interest, one.threshold) == (founder.firm, founder.interest, founder.threshold)


def test_nobody_in_the_story_exists_and_nobody_is_there_twice() -> None:
    people = told(leads=6000).inquirers
    assert all(one.email.endswith(".example") for one in people)
    assert len({one.email for one in people}) == len(people)
    phones = [one.phone for one in people if one.phone]
    assert len(set(phones)) == len(phones) > 3000
    domains = {one.firm: one.domain for one in people}
    assert len(set(domains.values())) == len(domains)


def test_a_part_of_a_larger_story_has_people_and_deliveries_of_its_own() -> None:
    parts = [decide(7, leads=200, days=90, end=END, zone=ZONE, first=first) for first in (0, 1000)]
    assert not {one.email for one in parts[0].inquirers} & {one.email for one in parts[1].inquirers}
    assert not {one.domain for one in parts[0].inquirers} & {one.domain for one in parts[1].inquirers}
    assert not {hand.number for hand in parts[0].hands} & {hand.number for hand in parts[1].hands}


def test_people_tell_the_same_of_themselves_each_time() -> None:
    truth = told(leads=200)
    people, said = by_number(truth.inquirers), {}
    for hand in truth.hands:
        if hand.inquirer >= 0 and hand.portal == "phone":
            body = json.loads(delivery(7, hand, people[hand.inquirer]).body)
            lead = body.get("lead", body)
            about = {key: lead.get(key) for key in ("given_name", "phone", "title", "city", "employees", "website")}
            assert said.setdefault(hand.inquirer, about) == about


@given(
    intent=st.sampled_from(Intent),
    days=st.tuples(st.floats(0, 60), st.floats(0, 60)).map(sorted),
    met=st.booleans(),
    written_to=st.booleans(),
    lift=st.floats(0.5, 1.5),
)
def test_coming_later_never_raises_the_chance(
    intent: Intent, days: list[float], met: bool, written_to: bool, lift: float
) -> None:
    who = replace(SOMEBODY, intent=intent)
    early, late = (chance(who, days_to_contact=one, met=met, written_to=written_to, lift=lift) for one in days)
    assert late <= early <= 1
    assert chance(who, days_to_contact=days[0], met=True, written_to=True, lift=lift) >= early
    assert buys(who, days_to_contact=0, met=met, written_to=written_to) or CHANCE[intent] <= who.threshold


@given(programmes=st.lists(st.sampled_from([*market.EFFECTS, ""]), max_size=6))
def test_a_programme_that_is_met_twice_lifts_once(programmes: list[str]) -> None:
    assert market.lift_of(programmes) == pytest.approx(market.lift_of([*programmes, *programmes]))


def test_fairs_fall_into_every_story() -> None:
    assert market.fair_days(date(2025, 1, 1), date(2026, 6, 30))[0] == date(2025, 3, 10)
    short = market.fair_days(date(2025, 5, 1), date(2025, 5, 31))
    assert len(short) == 3
    assert all(date(2025, 5, 1) < day < date(2025, 5, 31) for day in short)


def test_every_role_works_there_and_a_larger_story_has_more_salespeople() -> None:
    small, large = staff_for(100), staff_for(1_000_000)
    assert {role for _, _, role, _ in small.people} == {str(role) for role in Role}
    assert len(large.sellers) == 60
    assert set(large.sellers) <= large.diligence.keys()
    assert min(DILIGENCE.values()) <= 0.25 <= 0.95 <= max(DILIGENCE.values())


def test_a_small_story_keeps_every_promise_and_leaves_nothing_waiting(empty_db: str) -> None:
    days: list[int] = []
    story = simulate(seed=7, end=END, size=SMALL, on=lambda done, _of: days.append(done))

    assert days == sorted(days)
    assert check.run() == []
    received = dict(fetch("select state, count(*) from capture_submission group by 1"))
    assert sum(received.values()) == len(story.truth.hands)
    assert "received" not in received
    rows = balance(first=story.truth.start.date(), last=END.date())
    assert all(row.waiting == 0 for row in rows)
    assert fetch("select count(*) from ledger_parked") == [(0,)]
    facts = "select count(*) from ledger_event"
    before = fetch(facts)
    with clock.at(END):
        assert pump.turn(Lane.LIVE) == 0  # the routes have heard everything
    assert fetch(facts) == before
    assert fetch(f"select kind from ledger_event where happened_at > '{END.isoformat()}'") == []
    open_now = dict(fetch("select stage, count(*) from leads_lead where closed_at is null group by 1"))
    assert {"nurturing", "accepted", "opportunity"} <= open_now.keys()
    _facts_have_their_form(story)
    _truth_fits(story)


def _facts_have_their_form(story: Story) -> None:
    """Every fact that was told in memory has the fields of its kind."""
    kind, payload = EVENT.index("kind"), EVENT.index("payload")
    for fact in story.house.rows.facts:
        fields = orjson.loads(fact[payload]) if fact[payload] else {}
        assert set(fields) == set(payload_fields(fact[kind])), fact[kind]


def _truth_fits(story: Story) -> None:
    """What is exported names the very rows that stand, and adds up."""
    truth = orjson.loads(orjson.dumps(truth_of(story)))
    assert {one["lead_id"] for one in truth["leads"]} == {row[0] for row in fetch("select id from leads_lead")}
    won = {row[0] for row in fetch("select id from selling_opportunity where state = 'won'")}
    assert {one["opportunity_id"] for one in truth["deals"] if one["state"] == "won"} == won
    assert {one["programme_id"] for one in truth["programmes"]} <= {
        row[0] for row in fetch("select id from programmes_programme")
    }
    assert (
        sum(one["handed_over"] for one in truth["sellers"])
        == fetch("select count(*) from distribution_assignment")[0][0]
    )
    assert all(one["followed_up_themselves"] <= one["handed_over"] for one in truth["sellers"])
    leaks = Counter(one["leak"] for one in truth["leads"] if one["leak"])
    assert {why: one["projects"] for why, one in truth["leaks"].items()} == leaks
    leaking = {(one["kind"], one["part"]): one for one in truth["leaking"]}
    assert leaking["unfollowed", "selling"]["leads"] == fetch(NEVER_FOLLOWED_UP)[0][0] > 0
    assert all(0 < one["leads"] <= len(truth["leads"]) for one in truth["leaking"])
    assert {one["bought"] for one in truth["people"]} <= {"us", "elsewhere", "not_yet", "nobody"}


def test_the_same_seed_tells_the_same_story(new_empty_db: Database) -> None:
    said = []
    for _ in range(2):
        with new_empty_db():
            simulate(seed=11, end=END, size=Size(leads=20, days=30))
            facts = fetch(
                "select kind, happened_at, actor, lead_id, reason, amount, payload from ledger_event order by id"
            )
            said.append((facts, fetch("select id, stage, owner_id, due_at, fit from leads_lead order by id")))
    assert said[0] == said[1]


def test_the_truth_is_told_only_while_a_demo_is_built_and_not_of_a_large_one(empty_db: str, tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="at most 20,000 leads"):
        demo.prepare(tmp_path / "other", 20_001, 7, tmp_path / "truth.json")
    signins.write(tmp_path, signins.Kept(built=True, people=()))
    with pytest.raises(Conflict, match="known only while"):
        demo.prepare(tmp_path, 100, 7, tmp_path / "truth.json")


def test_salespeople_are_asked_on_two_working_days_of_each_month() -> None:
    asked = [at.astimezone(ZONE) for at in moments(END - timedelta(days=200), END, ZONE)]
    assert all((at.hour, at.isoweekday() <= FRIDAY, at.day in range(3, 19)) == (9, True, True) for at in asked)
    assert [at.month for at in asked] == [10, 10, 11, 11, 12, 12, 1, 1, 2, 2, 3, 3]
    assert asked == sorted(asked)
    assert asked[-1] < END


def test_the_forecast_has_what_people_say_of_it(empty_db: str) -> None:
    story = simulate(seed=7, end=END, size=Size(leads=200, days=150))
    this = END.date().replace(day=1)
    people, months = set(story.desk.demo.who.sellers), [this, month_after(this)]
    said = submitted(months, by=END)
    assert {user_id for user_id, _ in said} == {story.desk.demo.staff[key] for key in people}
    assert all(one.best >= one.commit for one in said.values())
    assert sum(one.commit for one in said.values()) > 0
    planned = plans(months_from(this, 12))
    assert {month for team, month in planned if team is None} >= set(months_from(this, 9))
    assert len({team for team, _ in planned}) == 3
    assert fetch("select count(*) from selling_opportunity where category = 'commit' and state <> 'open'") == [(0,)]
    assert check.run() == []
