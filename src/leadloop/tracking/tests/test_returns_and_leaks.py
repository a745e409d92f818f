"""Costs and credited revenue add up over programmes, leaks are what was put in, and the field stands beside us."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.tracking.attribution import MODELS, packed
from leadloop.tracking.attribution.shared import spread
from leadloop.tracking.benchmarks import BENCHMARKS, compared
from leadloop.tracking.columnar.place import Folder
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures import touches
from leadloop.tracking.figures.asking import figures, rows_behind
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Opened, opened
from leadloop.tracking.figures.returns import programme_returns
from leadloop.tracking.leaks.finding import affected, leaks, leaks_since
from leadloop.tracking.leaks.rules import Group, Treated, Worth, chance, loss, prior
from leadloop.tracking.tests import made_copy

HALF_YEAR = Period(datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 7, 1, tzinfo=UTC))
ASKED = Asked.of(HALF_YEAR, zone="UTC", now=HALF_YEAR.end)


def copy_of(folder: Path, rows: made_copy.Rows) -> Iterator[Opened]:
    made_copy.write(Folder(folder), rows)
    with opened(Folder(folder)) as copy:
        yield copy


@pytest.fixture(params=[1, 2])
def past(request: pytest.FixtureRequest) -> dict[str, list[dict[str, Any]]]:
    return made_copy.company(seed=request.param)


@pytest.fixture
def copy(past: made_copy.Rows, tmp_path: Path) -> Iterator[Opened]:
    yield from copy_of(tmp_path, past)


def test_credited_revenue_is_won_revenue_and_costs_are_the_cost_book(copy: Opened, past: made_copy.Rows) -> None:
    lines = programme_returns(copy, ASKED)
    won = sum(row["base_minor"] for row in past["win"] if row["won_at"] < ASKED.end)
    book = sum(row["base_minor"] for row in past["cost"] if row["booked_on"] < ASKED.day_after)
    for model in MODELS:
        assert sum(line.revenue[model] for line in lines) == won > 0, model
        assert sum(line.won[model] for line in lines) == pytest.approx(
            sum(row["won_at"] < ASKED.end for row in past["win"])
        )
    assert sum(line.cost for line in lines) == book
    assert lines[-1].programme_id is None
    assert lines[0].per("inquiries") == pytest.approx(lines[0].cost / lines[0].inquiries)


def test_last_touch_by_hand(copy: Opened, past: made_copy.Rows) -> None:
    by: dict[int | None, int] = {}
    for win in past["win"]:
        if win["won_at"] >= ASKED.end:
            continue
        before = [
            (one["happened_at"], one["inquiry_id"], one["programme_id"])
            for one in past["inquiry"]
            if one["lead_id"] == win["lead_id"] and one["kind"] == "sales" and one["happened_at"] <= win["won_at"]
        ]
        programme = max(before, key=lambda one: one[:2])[2] if before else None
        by[programme] = by.get(programme, 0) + win["base_minor"]
    credited = {line.programme_id: line.revenue["last"] for line in programme_returns(copy, ASKED)}
    assert {key: value for key, value in credited.items() if value} == by


@pytest.mark.parametrize("bits", [63, 1])  # of the number a touch is packed into; with too few it isn't
@pytest.mark.parametrize("few", [touches.FEW, 0])  # with 0 the engine always picks out the touches of these leads
def test_two_programmes_within_a_second_stand_in_their_order(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, bits: int, few: int
) -> None:
    monkeypatch.setattr(packed, "BITS", bits)
    monkeypatch.setattr(touches, "FEW", few)
    rows = {table: [row] for table, row in told(1, contacted_after_hours=1, won=True).items()}
    at = rows["lead"][0]["opened_at"]
    rows["inquiry"] = [
        {
            "inquiry_id": inquiry_id, "lead_id": 1, "kind": "sales", "outcome": "joined", "portal_key": "p",
            "portal_id": 1, "programme_id": programme_id, "happened_at": at + timedelta(microseconds=micros),
        }
        for inquiry_id, programme_id, micros in ((11, 2, 900_000), (12, 3, 100_000), (13, 1, 500_000))
    ]  # fmt: skip
    for copy in copy_of(tmp_path, rows):
        found = touches.journeys(copy, ASKED)
        assert [found.programmes[channel] for channel in found.won.channel] == [3, 1, 2]


shares = st.dictionaries(st.integers(1, 9), st.integers(0, 10**7), max_size=6)


@given(
    st.dictionaries(st.sampled_from(["by_inquiries", "by_spend", "evenly"]), st.integers(-(10**9), 10**9)),
    shares,
    shares,
)
def test_shared_costs_are_spread_to_the_cent(
    shared: dict[str, int], spent: dict[int, int], asked: dict[int, int]
) -> None:
    parts, rest = spread(shared, spent=spent, inquiries=asked)
    assert sum(parts.values()) + rest == sum(shared.values())
    if not spent and not asked:
        assert rest == sum(shared.values())


def test_each_rule_spreads_as_it_says() -> None:
    given_ = {"spent": {1: 300, 2: 100}, "inquiries": {1: 1, 2: 9}}
    assert spread({"by_spend": 100}, **given_) == ({1: 75, 2: 25}, 0)
    assert spread({"by_inquiries": 100}, **given_) == ({1: 10, 2: 90}, 0)
    assert spread({"evenly": 101}, **given_) == ({1: 51, 2: 50}, 0)


def test_a_leak_is_leads_times_lost_chance_times_worth() -> None:
    well, badly, worth = Group(10_000, 3_000), Group(10_000, 500), Worth(20_000.0, 5_000.0, 3_500)
    found = loss([Treated(200, well, badly)], worth=worth, before=0.2)
    assert found.expected == pytest.approx(200 * 0.25 * 20_000, rel=0.01)
    by_chance = 1.28 * (200 * 0.25 * 0.75) ** 0.5 * 20_000  # which 200 they were, with chances known for sure
    assert found.expected - found.low == pytest.approx(by_chance, rel=0.15)
    assert found.high - found.expected == pytest.approx(by_chance, rel=0.15)
    assert loss([Treated(200, well, badly)], worth=worth, before=0.2) == found


def test_only_what_is_alike_is_compared() -> None:
    """Accepted leads that lie are lost; deals that stand long are won more often, which makes good for nothing."""
    accepted = Treated(100, Group(10_000, 2_000), Group(10_000, 0))
    deals = Treated(100, Group(10_000, 1_000), Group(10_000, 5_000))
    worth = Worth(1000.0, 0.0, 5_000)
    both, alone = (loss(groups, worth=worth, before=0.2) for groups in ([accepted, deals], [accepted]))
    assert both.expected == alone.expected == pytest.approx(100 * 0.2 * 1000, rel=0.01)
    assert both.chance_well == pytest.approx(0.15, abs=0.01)


def test_with_few_leads_the_rule_of_45_counts_and_the_range_is_wide() -> None:
    before = prior(0, 0)
    assert before == pytest.approx(0.225)
    assert chance(Group(0, 0), before) == before
    assert chance(Group(1000, 0), before) < 0.005
    few = [Treated(10, Group(4, 2), Group(4, 0))]
    found = loss(few, worth=Worth(1000.0, 0.0, 1), before=before)
    assert found.low == 0 or found.high > 2 * found.low
    assert loss(few, worth=Worth(0.0, 0.0, 0), before=before) is None


def test_treated_worse_but_won_more_is_no_leak() -> None:
    found = loss([Treated(50, Group(500, 10), Group(500, 200))], worth=Worth(100.0, 1.0, 210), before=0.2)
    assert (found.expected, found.low, found.high) == (0, 0, 0)


def told(number: int, *, contacted_after_hours: float | None, won: bool, owner: int = 7) -> dict[str, dict[str, Any]]:
    """One lead handed over in February."""
    at = datetime(2026, 2, 1, tzinfo=UTC).replace(tzinfo=None) + timedelta(minutes=number)
    rows: dict[str, dict[str, Any]] = {
        "stage_entry": {
            "lead_id": number, "event_id": number, "stage": "assigned", "before": "qualified", "entered_at": at,
            "owner_id": owner,
        },
        "lead": {
            "lead_id": number, "stage": "won" if won else "lost", "is_open": False, "owner_id": owner,
            "opened_at": at, "closed_at": at + timedelta(days=20),
        },
    }  # fmt: skip
    if contacted_after_hours is not None:
        rows["activity"] = {
            "lead_id": number, "activity_id": number, "contacted": True,
            "happened_at": at + timedelta(hours=contacted_after_hours),
        }  # fmt: skip
    if won:
        rows["win"] = {
            "lead_id": number, "opportunity_id": number, "base_minor": 50_000, "is_primary": True,
            "won_at": at + timedelta(days=20),
        }  # fmt: skip
    return rows


@pytest.fixture
def known_leaks(tmp_path: Path) -> Iterator[Opened]:
    """400 contacted in time of whom 120 were won, 100 late with 10, 60 never, none won; 15 of those are Ola's."""
    cases = [(2.0, number < 120, 7) for number in range(400)]
    cases += [(50.0, number < 10, 7) for number in range(100)]
    cases += [(None, False, 8 if number < 15 else 7) for number in range(60)]
    rows: dict[str, list[dict[str, Any]]] = {}
    for number, (hours, won, owner) in enumerate(cases, start=1):
        for table, row in told(number, contacted_after_hours=hours, won=won, owner=owner).items():
            rows.setdefault(table, []).append(row)
    yield from copy_of(tmp_path, rows)


def test_leaks_are_what_was_put_in(known_leaks: Opened) -> None:
    found = {(leak.kind, leak.part): leak for leak in leaks(known_leaks, ASKED)}
    never, late = found["unfollowed", "selling"], found["late", "selling"]
    assert (never.affected, never.owners) == (60, {7: 45, 8: 15})
    assert (never.well, never.badly) == (Group(500, 130), Group(60, 0))
    assert (late.affected, late.well, late.badly) == (100, Group(400, 120), Group(100, 10))
    true = 100 * (120 / 400 - 10 / 100) * 50_000
    assert late.loss.low < true < late.loss.high
    assert late.loss.expected == pytest.approx(true, rel=0.15)
    true = 60 * (130 / 500) * 50_000
    assert never.loss.low < true * 1.05
    assert never.loss.expected == pytest.approx(true, rel=0.35)
    assert len(affected(known_leaks, ASKED, "unfollowed", "selling")) == 60
    assert len(affected(known_leaks, ASKED, "unfollowed", "selling", 8)) == 15


def test_a_lead_that_went_badly_twice_leaks_once_with_whoever_had_it_last(tmp_path: Path) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    for table, row in told(1, contacted_after_hours=None, won=False).items():
        rows[table] = [row]
    again = {"event_id": 2, "entered_at": rows["stage_entry"][0]["entered_at"] + timedelta(days=9), "owner_id": 8}
    rows["stage_entry"].append(rows["stage_entry"][0] | again)
    for copy in copy_of(tmp_path, rows):
        (never,) = [leak for leak in leaks(copy, ASKED) if leak.kind == "unfollowed"]
        assert (never.affected, never.owners, never.badly.leads) == (1, {8: 1}, 2)
        assert affected(copy, ASKED, "unfollowed", "selling") == [1]


def test_a_deal_of_several_leads_was_won_once(tmp_path: Path) -> None:
    rows: dict[str, list[dict[str, Any]]] = {}
    for number in (1, 2):
        for table, row in told(number, contacted_after_hours=1, won=True).items():
            rows.setdefault(table, []).append(row)
    rows["win"][1] |= {"opportunity_id": 1, "is_primary": False}
    for table, row in told(3, contacted_after_hours=None, won=False).items():
        rows[table].append(row)
    for copy in copy_of(tmp_path, rows):
        (never,) = [leak for leak in leaks(copy, ASKED) if leak.kind == "unfollowed"]
        assert never.well == Group(2, 1)


def test_leaks_of_any_past_open_as_many_rows_as_they_say(copy: Opened) -> None:
    for leak in leaks(copy, ASKED):
        assert len(affected(copy, ASKED, leak.kind, leak.part)) == leak.affected
        assert sum(leak.owners.values()) == leak.affected


def test_leaks_of_several_periods_are_those_of_each(copy: Opened) -> None:
    starts = [ASKED.end - timedelta(days=days) for days in (7, 30, 90, 181)]
    together = leaks_since(copy, ASKED, starts)
    assert together == [leaks(copy, replace(ASKED, start=start)) for start in starts]
    assert len({sum(leak.affected for leak in one) for one in together}) > 1


def test_what_several_periods_share_changes_no_figure(copy: Opened) -> None:
    shared = Opened(copy.manifest, copy.engine, copy.backend, many=True)
    for days in (30, 181):
        asked = replace(ASKED, start=ASKED.end - timedelta(days=days))
        assert figures(shared, asked) == figures(copy, asked)
        assert leaks(shared, asked) == leaks(copy, asked)
        assert rows_behind(shared, asked, "follow_up.contacted") == rows_behind(copy, asked, "follow_up.contacted")


def test_every_benchmark_stands_beside_our_own_figure_or_says_why_not(copy: Opened) -> None:
    found = compared(figures(copy, ASKED))
    assert len(found) == len(BENCHMARKS) == 9
    assert all(one.benchmark.own_says and one.benchmark.source for one in found)
    own = {one.benchmark.name: one.own for one in found}
    assert own["rule_of_45"] is None
    assert own["followed_up"] + own["never_followed_up"] == pytest.approx(1)
    assert 0 < own["become_a_sale"] < 1
