"""Tomas sets up the spring programme and says how visits find it."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.programmes import queries, services
from leadloop.programmes.contracts import Level, Match, NewProgramme, NewSource, Rule, TouchHint
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
DAY = date(2026, 1, 1)


def by(cast: Any) -> dict[str, Any]:
    return {"actor": by_user(cast.user["tomas"]), "now": MONDAY}


def node(cast: Any, key: str, level: Level, parent: str = "", **more: Any) -> NewProgramme:
    return NewProgramme(
        key=key,
        name=key.title(),
        owner_id=cast.user["tomas"],
        starts_on=DAY,
        level=level,
        parent_key=parent,
        **more,
    )


def autumn(cast: Any) -> dict[str, int]:
    """Children are given before their parents, as a file may hold them."""
    nodes = [
        node(cast, "stand", Level.ACTIVITY, "fair-berlin"),
        node(cast, "fair-berlin", Level.CAMPAIGN, "autumn"),
        node(cast, "autumn", Level.PROGRAMME),
    ]
    return services.create(programmes=nodes, **by(cast))


def test_a_tree_is_set_up_in_one_batch_and_read_from_the_top(cast: Any) -> None:
    ids = autumn(cast)
    rows = queries.programmes()
    assert rows[ids["stand"]].path == (ids["autumn"], ids["fair-berlin"], ids["stand"])
    assert list(rows).index(ids["fair-berlin"]) == list(rows).index(ids["autumn"]) + 1
    assert queries.below([ids["autumn"], ids["stand"]]) == {
        ids["autumn"]: sorted(ids.values()),
        ids["stand"]: [ids["stand"]],
    }
    assert queries.names([ids["autumn"], -1]) == {ids["autumn"]: "Autumn"}


def test_every_node_is_recorded_with_its_owner(cast: Any) -> None:
    ids = autumn(cast)
    facts = Event.objects.filter(kind="programme.created")
    assert set(facts.values_list("programme_id", flat=True)) == set(ids.values())
    assert {f.payload["owner_id"] for f in facts} == {cast.user["tomas"]}


@pytest.mark.parametrize(
    ("key", "level", "parent", "field"),
    [
        ("spring", Level.PROGRAMME, "", "key"),
        ("Über", Level.PROGRAMME, "", "key"),
        ("x", Level.PROGRAMME, "spring", "parent"),
        ("x", Level.CAMPAIGN, "", "parent"),
        ("x", Level.CAMPAIGN, "ads", "parent"),
        ("x", Level.ACTIVITY, "spring", "parent"),
        ("x", Level.CAMPAIGN, "unheard-of", "parent"),
    ],
)
def test_what_does_not_hang_together_is_refused(cast: Any, key: str, level: Level, parent: str, field: str) -> None:
    with pytest.raises(Invalid) as refused:
        services.create(programmes=[node(cast, key, level, parent)], **by(cast))
    assert refused.value.field == field
    assert refused.value.mend


def test_a_period_that_ends_before_it_starts_is_refused(cast: Any) -> None:
    late = node(cast, "late", Level.PROGRAMME, ends_on=date(2025, 12, 31))
    with pytest.raises(Invalid, match="end before it starts"):
        services.create(programmes=[late], **by(cast))


def test_the_owner_must_work_here(cast: Any) -> None:
    nobody = NewProgramme(key="x", name="X", owner_id=987654, starts_on=DAY)
    with pytest.raises(Invalid, match="not an active user"):
        services.create(programmes=[nobody], **by(cast))


def test_a_source_is_added_once(cast: Any) -> None:
    first = services.add_source(sources=[NewSource("radio", "Radio"), NewSource("web", "Renamed")], **by(cast))
    again = services.add_source(sources=[NewSource("radio", "Wireless")], **by(cast))
    assert again["radio"] == first["radio"] == queries.source_id("radio")
    assert queries.sources()[cast.source["web"]].label == "Website"
    assert queries.source_id("unheard-of") is None
    assert Event.objects.filter(kind="source.added").count() == 1


def test_changed_rules_hold_from_the_next_batch_on(cast: Any) -> None:
    hint = TouchHint("google", "cpc")
    assert queries.match([hint]) == [Match()]
    services.set_utm_rules(rules=[Rule(1, utm_source="google", programme_id=cast.programme["ads"])], **by(cast))
    assert queries.match([hint]) == [Match(cast.source["google"], cast.programme["ads"], 1)]
    services.set_utm_rules(rules=[Rule(7, utm_source="google", source_id=cast.source["web"])], **by(cast))
    assert queries.match([hint, TouchHint()]) == [Match(cast.source["web"], None, 7), Match()]


@pytest.mark.parametrize(
    "rules",
    [
        [Rule(1, source_id=987654)],
        [Rule(1, programme_id=987654)],
        [Rule(1)],
    ],
)
def test_a_rule_must_name_something_that_exists(cast: Any, rules: list[Rule]) -> None:
    with pytest.raises(Invalid):
        services.set_utm_rules(rules=rules, **by(cast))


def test_two_rules_can_not_stand_in_one_place(cast: Any) -> None:
    rule = Rule(1, source_id=cast.source["web"])
    with pytest.raises(Invalid, match="place 1"):
        services.set_utm_rules(rules=[rule, rule], **by(cast))


def test_a_thousand_hints_cost_one_query(cast: Any) -> None:
    services.set_utm_rules(rules=[Rule(1, utm_source="s5*", source_id=cast.source["web"])], **by(cast))
    with CaptureQueriesContext(connection) as seen:
        found = queries.match([TouchHint(f"s{n}") for n in range(1000)])
    assert len(seen) == 1
    assert sum(one.rule == 1 for one in found) == 111
