"""Lists of deals and what they add up to: figures are counted by the very filters that list their rows."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest

from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Stage
from leadloop.selling.contracts import Tally
from leadloop.selling.queries import cycle_days, deals, doings, done_by, tally
from leadloop.selling.queries.filters import RISKS
from leadloop.selling.services import move_stage, win
from leadloop.selling.tests.desk import CALL, Desk, counted
from leadloop.selling.tests.test_accounts import firms


def some(desk: Desk, count: int, **more: Any) -> list[int]:
    return [desk.deal(lead.id, **more) for lead in desk.leads_in(Stage.WORKING, ["kim"] * count)]


def test_a_tally_counts_what_the_list_shows(desk: Desk) -> None:
    desk.rate("USD", date(2026, 1, 1), "0.50")
    some(desk, 2, amount=10_000)
    some(desk, 1, amount=10_000, currency="USD", close_on=desk.now.date() + timedelta(days=2))
    some(desk, 1, amount=10_000, currency="CHF", next_step_at=desk.in_hours(30 * 24))
    desk.later(days=16)
    named: dict[str, dict[str, Any]] = {name: {"risk": name} for name in (*RISKS, "any", "review")}
    named |= {"open": {"state": "open"}, "new": {"opened_from": desk.now}, "mine": {"owner": desk.cast.user["kim"]}}

    found = tally(desk.viewer("grace"), named, now=desk.now)[None]

    for name, filters in named.items():
        page = deals(desk.viewer("grace"), filters=filters, now=desk.now)
        assert (page.total, len(page.rows)) == (found[name].count, found[name].count), name
    assert found["close_passed"].count == 1
    assert found["step_late"].count == 3
    assert found["silent"].count == 4
    assert found["open"] == Tally(4, 25_000, ("CHF",))


def test_a_tally_takes_two_statements_however_much_is_asked(desk: Desk) -> None:
    some(desk, 3)
    one, many = {"a": {"state": "open"}}, {name: {"risk": name} for name in RISKS}
    ruth = desk.viewer("ruth")
    assert counted(lambda: tally(ruth, many, now=desk.now)) == counted(lambda: tally(ruth, one, now=desk.now)) <= 3


def test_only_what_the_viewer_sees_counts_and_by_owner(desk: Desk) -> None:
    some(desk, 2)
    wanted = {"open": {"state": "open"}}
    kim = desk.cast.user["kim"]
    assert tally(desk.viewer("ruth"), wanted, now=desk.now, by="owner") == {kim: {"open": Tally(2, 200_000)}}
    assert tally(desk.viewer("sam"), wanted, now=desk.now) == {None: {"open": Tally()}}
    assert deals(desk.viewer("sam"), filters={}, now=desk.now).rows == []


def test_won_deals_count_at_their_closing_day_and_give_the_cycle(desk: Desk) -> None:
    first, second = some(desk, 2)
    desk.later(days=10)
    win(opportunity_id=first, closed_on=desk.now.date(), **desk.acting)
    desk.later(days=10)
    win(opportunity_id=second, closed_on=desk.now.date(), **desk.acting)
    since = desk.now - timedelta(days=30)
    won = tally(desk.viewer("grace"), {"won": {"state": "won", "closed_from": since}}, now=desk.now)[None]["won"]
    assert won == Tally(2, 200_000)
    soon = desk.now + timedelta(days=1)
    days = cycle_days(desk.viewer("grace"), closed_from=since, closed_before=soon)
    assert days is not None
    assert 14 <= days <= 16
    assert cycle_days(desk.viewer("grace"), closed_from=soon, closed_before=soon) is None


def test_pages_follow_each_other_the_largest_amount_first(desk: Desk) -> None:
    made = [some(desk, 1, amount=amount)[0] for amount in (500, 300, 300, 900)]
    seen: list[int] = []
    cursor = None
    while True:
        page = deals(desk.viewer("kim"), filters={}, now=desk.now, after=cursor, limit=1)
        seen += [card.row.id for card in page.rows]
        cursor = page.next_cursor
        if cursor is None:
            break
    assert seen == [made[3], made[0], made[2], made[1]]


def test_moved_deals_are_those_opened_before(desk: Desk) -> None:
    old, new = some(desk, 2)
    desk.later(days=3)
    since = desk.now - timedelta(days=1)
    move_stage(old, stage_key="need_confirmed", **desk.kim)
    found = deals(desk.viewer("kim"), filters={"moved_from": since}, now=desk.now)
    assert [card.row.id for card in found.rows] == [old] != [new]


def test_deals_without_a_company_or_by_letters_of_their_name(desk: Desk) -> None:
    (firm,) = firms(desk, "Acme Pumps")
    (with_firm,) = some(desk, 1, company_id=firm, name="Ten 100% pumps")
    (alone,) = some(desk, 1, name="Ten 1000 pumps", next_step_at=desk.in_hours(24))

    def ids(**filters: str) -> list[int]:
        return [card.row.id for card in deals(desk.viewer("grace"), filters=filters, now=desk.now).rows]

    assert ids(without="company") == [alone]
    assert ids(q="100% P") == [with_firm]
    assert sorted(ids(q="ten")) == [with_firm, alone]
    assert ids(q="nothing") == []


@pytest.mark.parametrize(
    "filters",
    [{"colour": "red"}, {"without": "sense"}, {"risk": "rain"}, {"state": "maybe"}, {"opened_from": "today"}],
)
def test_what_can_t_be_read_is_refused(desk: Desk, filters: dict[str, Any]) -> None:
    with pytest.raises(Invalid):
        deals(desk.viewer("kim"), filters=filters, now=desk.now)


def test_what_somebody_did_is_counted_by_outcome(desk: Desk) -> None:
    first, second, third = desk.leads_in(Stage.WORKING, ["kim"] * 3)
    desk.log(first.id, CALL, "no_answer")
    desk.log(second.id, CALL, "no_answer")
    desk.log(third.id, CALL, "talked")
    kim, day = desk.cast.user["kim"], (desk.now - timedelta(hours=1), desk.now + timedelta(hours=1))
    assert [(one.outcome, one.count) for one in doings(kim, *day)] == [("no_answer", 2), ("talked", 1)]
    assert [one.lead_id for one in done_by(kim, *day, kind="call", outcome="talked")] == [third.id]
    assert doings(desk.cast.user["ola"], *day) == []
