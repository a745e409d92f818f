"""Lists, filtered and sorted."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import Move, Score, Sort, Stage
from leadloop.leads.queries import counts, listing, totals
from leadloop.leads.services import score
from leadloop.leads.tests.world import DAY, SYSTEM, World


@pytest.fixture
def mixed(office: World) -> dict[str, int]:
    """Five leads that differ in everything a list asks about."""
    ads, google = office.cast.programme["ads"], office.cast.source["google"]
    people = office.people(5)
    given: list[dict[str, Any]] = [
        {"interest": "general", "happened_at": office.now - 5 * DAY},
        {"interest": "pumps", "happened_at": office.now - 4 * DAY, "programme_id": ads, "source_id": google},
        {"interest": "general", "happened_at": office.now - 3 * DAY},
        {"interest": "pumps", "happened_at": office.now - 2 * DAY},
        {"interest": "service", "happened_at": office.now - 1 * DAY},
    ]
    opened = [office.raise_hand(person, **more).lead_id for person, more in zip(people, given, strict=True)]
    names = dict(zip(["first", "second", "third", "fourth", "fifth"], opened, strict=True))
    office.move(names["second"], Stage.QUALIFIED)
    office.move(names["third"], Stage.DISQUALIFIED, reason="junk")
    figures = {"first": (80, "A", 700.0, 90_00), "second": (40, "C", 710.0, 50_00), "fourth": (60, "B", None, 0)}
    scores = [
        Score(lead_id=names[name], fit=fit, grade=grade, engagement=engagement, expected_value=value)
        for name, (fit, grade, engagement, value) in figures.items()
    ]
    score(scores, rules_version=1, qualified={}, actor=SYSTEM, now=office.now)
    return names


def found(office: World, mixed: dict[str, int], filters: dict[str, Any] | None = None, **more: Any) -> list[str]:
    names = {lead_id: name for name, lead_id in mixed.items()}
    page = listing(office.viewer("ines"), filters=filters, now=office.now, **more)
    assert page.total == len(page.rows)
    return [names[one.id] for one in page.rows]


def test_the_newest_comes_first(office: World, mixed: dict[str, int]) -> None:
    assert found(office, mixed) == ["fifth", "fourth", "third", "second", "first"]


@pytest.mark.parametrize(
    ("sort", "order"),
    [
        (Sort.NEWEST, ["fifth", "fourth", "third", "second", "first"]),
        (Sort.ENGAGEMENT, ["second", "first", "fifth", "fourth", "third"]),
        (Sort.VALUE, ["first", "second", "fifth", "fourth", "third"]),
    ],
)
def test_every_sort_has_its_order_and_shows_every_lead(
    office: World, mixed: dict[str, int], sort: Sort, order: list[str]
) -> None:
    assert found(office, mixed, sort=sort) == order


def test_sorted_by_due_time_or_time_in_stage_only_open_leads_are_shown(office: World, mixed: dict[str, int]) -> None:
    assert set(found(office, mixed, sort=Sort.DUE)) == {"first", "second", "fourth", "fifth"}
    assert found(office, mixed, sort=Sort.STAGE_SINCE) == ["first", "fourth", "fifth", "second"]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        ({"stage": "qualified"}, ["second"]),
        ({"stage": ["qualified", Stage.DISQUALIFIED]}, ["third", "second"]),
        ({"open": True, "grade": ["A", "B"]}, ["fourth", "first"]),
        ({"open": False}, ["third"]),
        ({"close_reason": "junk"}, ["third"]),
        ({"stage": "", "owner": None, "grade": []}, ["fifth", "fourth", "third", "second", "first"]),
        ({"criteria": {"facet": "lead.fit", "op": ">=", "value": 60}}, ["fourth", "first"]),
        (
            {"criteria": {"all": [{"facet": "promise.kind", "op": "=", "value": "qualify"}]}, "stage": "qualified"},
            ["second"],
        ),
        ({"criteria": {"facet": "stage_entry.stage", "op": "=", "value": "qualified"}}, ["second"]),
    ],
)
def test_filters_let_through_what_they_say(
    office: World, mixed: dict[str, int], filters: dict[str, Any], expected: list[str]
) -> None:
    assert found(office, mixed, filters) == expected


def test_filters_by_what_leads_belong_to(office: World, mixed: dict[str, int]) -> None:
    cast = office.cast
    assert found(office, mixed, {"interest": cast.interest["pumps"]}) == ["fourth", "second"]
    assert found(office, mixed, {"interest": cast.interest["pumps"], "source": str(cast.source["google"])}) == [
        "second"
    ]
    assert found(office, mixed, {"programme": [cast.programme["ads"]]}) == ["second"]
    assert found(office, mixed, {"owner": cast.user["ines"]}) == ["second"]
    assert found(office, mixed, {"id": [mixed["first"], 10**30]}) == ["first"]


def test_filters_by_time(office: World, mixed: dict[str, int]) -> None:
    day = office.now - timedelta(days=3)
    assert found(office, mixed, {"opened_from": day}) == ["fifth", "fourth", "third"]
    assert found(office, mixed, {"opened_before": day.isoformat()}) == ["second", "first"]
    assert set(found(office, mixed, {"due_before": office.now + DAY})) == {"first", "second", "fourth", "fifth"}
    assert found(office, mixed, {"due_before": office.now}) == []


@pytest.mark.parametrize(
    "filters",
    [
        {"nonsense": 1},
        {"stage": "sleeping"},
        {"owner": "kim"},
        {"owner": {"a": 1}},
        {"open": "yes"},
        {"due_before": "tomorrow"},
        {"due_before": "2026-03-02T09:00"},
        {"due_before": 5},
        {"criteria": {"facet": "lead.nonsense", "op": "=", "value": 1}},
        {"id": list(range(10_001))},
    ],
)
def test_what_can_not_be_read_is_named(office: World, filters: dict[str, Any]) -> None:
    with pytest.raises(Invalid) as refused:
        listing(office.viewer("ines"), filters=filters, now=office.now)
    assert refused.value.field
    assert refused.value.mend


@pytest.mark.parametrize("sort", list(Sort))
def test_pages_follow_each_other_in_every_order(office: World, mixed: dict[str, int], sort: Sort) -> None:
    ines = office.viewer("ines")
    everything = [one.id for one in listing(ines, sort=sort, now=office.now).rows]
    paged, after = [], None
    while True:
        page = listing(ines, sort=sort, after=after, limit=2, now=office.now)
        paged += [one.id for one in page.rows]
        after = page.next_cursor
        if after is None:
            break
    assert paged == everything


def test_a_long_list_is_estimated_and_says_so(
    office: World, mixed: dict[str, int], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(totals, "EXACT_UP_TO", 3)
    page = listing(office.viewer("ines"), limit=1, now=office.now)
    assert page.is_estimate
    assert page.total is not None
    assert page.total > 3
    further = listing(office.viewer("ines"), limit=1, after=page.next_cursor, now=office.now)
    assert further.total is None


def test_a_first_page_is_two_queries_and_a_further_one_is_one(office: World, mixed: dict[str, int]) -> None:
    ines = office.viewer("ines")
    with CaptureQueriesContext(connection) as first:
        page = listing(ines, filters={"open": True, "grade": ["A", "B", ""]}, limit=1, now=office.now)
    with CaptureQueriesContext(connection) as further:
        listing(ines, filters={"open": True, "grade": ["A", "B", ""]}, limit=1, after=page.next_cursor, now=office.now)
    assert (len(first), len(further)) == (2, 1)


def test_figures_for_boards_count_what_the_viewer_sees(office: World) -> None:
    leads = office.leads_in(Stage.ASSIGNED, ["kim", "kim", "sam", "ola"])
    office.move_all([Move(lead_id=leads[0].id, to=Stage.DISQUALIFIED, reason="junk")])
    kim, sam, ola = (office.user(name) for name in ("kim", "sam", "ola"))

    assert counts(office.viewer("ines"), by="stage") == {"assigned": 3, "disqualified": 1}
    assert counts(office.viewer("ines"), by="owner") == {kim: 1, sam: 1, ola: 1}
    assert counts(office.viewer("ruth"), by="owner") == {kim: 1, ola: 1}
    assert counts(office.viewer("ines"), by="team") == {office.cast.team["dach"]: 2, office.cast.team["world"]: 1}
