"""What somebody sees in the morning."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Ask, Score, Stage, Tab
from leadloop.leads.queries import newest_by_owner, tabs, worklist
from leadloop.leads.services import promise, score
from leadloop.leads.tests.world import DAY, SYSTEM, World
from leadloop.ledger.sql import fetch


def due(office: World, *hours: float) -> list[int]:
    """Leads that Kim works, each with its next step in so many hours."""
    leads = office.leads_in(Stage.QUALIFIED, ["kim"] * len(hours))
    ids = [one.id for one in leads]
    for lead_id in ids:
        office.move(lead_id, Stage.WORKING, owner_id=office.user("kim"), reason="called_ahead")
    steps = [
        Ask(lead_id, kind, None, office.now + timedelta(hours=hour))
        for lead_id, hour in zip(ids, hours, strict=True)
        for kind in ("next_step", "reply")
    ]
    promise(steps, actor=SYSTEM, now=office.now)
    return ids


def shown(office: World, tab: str = "all", name: str = "kim", **more: object) -> list[int]:
    return [one.id for one in worklist(office.viewer(name), tab=tab, now=office.now, **more).rows]


def test_what_is_late_comes_first_and_only_ones_own(office: World) -> None:
    soon, late, later = due(office, 1, -3, 50)
    office.lead_in(Stage.ASSIGNED, owner="ola")
    assert shown(office) == [late, soon, later]


def test_of_what_is_due_together_the_more_valuable_comes_first_then_the_older(office: World) -> None:
    plain, dear, plain_too = due(office, 5, 5, 5)
    score([Score(lead_id=dear, expected_value=10_000)], rules_version=1, qualified={}, actor=SYSTEM, now=office.now)
    assert shown(office) == [dear, plain, plain_too]


def test_each_tab_shows_its_own_and_counts_it(office: World) -> None:
    late, today, waiting = due(office, -3, 5, 50)
    fresh = office.lead_in(Stage.ASSIGNED).id
    done = office.lead_in(Stage.WORKING).id
    office.move(done, Stage.LOST, reason="price")
    long_done = office.lead_in(Stage.WORKING).id
    office.move(long_done, Stage.LOST, reason="price")
    promise([Ask(one, "next_step", None, office.now + 50 * DAY) for one in (late, today)], actor=SYSTEM, now=office.now)

    by_tab = {str(tab): shown(office, tab) for tab in Tab}

    assert by_tab["all"] == [late, fresh, today, waiting]
    assert by_tab["late"] == [late]
    assert by_tab["new"] == [late, fresh, today]  # a reply, an acceptance, a reply
    assert by_tab["today"] == [late, fresh, today]
    assert by_tab["waiting"] == [waiting]
    assert set(by_tab["done"]) == {done, long_done}
    assert tabs(office.viewer("kim"), office.now) == {tab: len(by_tab[tab]) for tab in Tab}

    office.later(days=31)
    assert shown(office, "done") == []


@pytest.mark.parametrize("limit", [1, 2, 3, 7])
def test_pages_follow_each_other_without_gap_or_double(office: World, limit: int) -> None:
    due(office, 5, 5, 5, -3, 1, 50, 5)
    everything = shown(office)
    paged: list[int] = []
    after: str | None = ""
    while after is not None:
        page = worklist(office.viewer("kim"), limit=limit, after=after or None, now=office.now)
        paged += [one.id for one in page.rows]
        after = page.next_cursor
    assert paged == everything


def test_a_page_stays_where_it_is_when_something_new_comes_in_above(office: World) -> None:
    due(office, 1, 2, 3, 4)
    first = worklist(office.viewer("kim"), limit=2, now=office.now)
    rest = shown(office)[2:]
    due(office, 1.5)
    assert shown(office, after=first.next_cursor) == rest


@pytest.mark.parametrize("cursor", ["x", "bm8", "W10", "WyJ3b3JrbGlzdC1hbGwiLCJub25zZW5zZSIsMSwxXQ", "~~~~", "é"])
def test_a_foreign_cursor_is_refused_in_plain_words(office: World, cursor: str) -> None:
    with pytest.raises(Invalid, match="page can't be found"):
        shown(office, after=cursor)


def test_a_cursor_of_another_tab_does_not_fit(office: World) -> None:
    due(office, 1, 2)
    page = worklist(office.viewer("kim"), limit=1, now=office.now)
    with pytest.raises(Invalid):
        shown(office, "late", after=page.next_cursor)


def test_a_worklist_and_its_tabs_are_one_query_each(office: World) -> None:
    due(office, *range(12))
    kim = office.viewer("kim")
    with CaptureQueriesContext(connection) as reading:
        worklist(kim, now=office.now)
        tabs(kim, office.now)
    assert len(reading) == 2


def test_a_worklist_is_served_by_its_index(office: World) -> None:
    due(office, *range(12))
    asked: list[tuple[str, Any]] = []

    def remember(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        asked.append((sql, params))
        return execute(sql, params, many, context)

    kim = office.viewer("kim")
    with connection.execute_wrapper(remember):
        page = worklist(kim, limit=3, now=office.now)
        worklist(kim, limit=3, after=page.next_cursor, now=office.now)
    for kind in ("seqscan", "bitmapscan"):
        fetch("select set_config(%s, 'off', true)", [f"enable_{kind}"])
    for sql, params in asked:
        plan = "\n".join(line for (line,) in fetch(f"explain {sql}", params))
        assert "Index Scan using lead_worklist" in plan
        assert "Presorted Key: due_at" in plan


def test_what_is_new_is_counted_per_user(office: World) -> None:
    office.leads_in(Stage.ASSIGNED, ["kim", "ola"])
    latest = office.later(hours=1)
    office.lead_in(Stage.ASSIGNED, owner="kim")
    office.lead_in(Stage.WORKING, owner="kim")
    kim, ola, sam = (office.user(name) for name in ("kim", "ola", "sam"))
    new = newest_by_owner([kim, ola, sam])
    assert new[kim] == (int(latest.timestamp() * 1_000_000), 2)
    assert new[ola][1] == 1
    assert sam not in new
