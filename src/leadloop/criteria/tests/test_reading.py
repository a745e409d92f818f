"""What can't be read is named by its place, with what to do about it."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.criteria import registry
from leadloop.criteria.compile import VALUES, check, compile_ast, explain
from leadloop.criteria.contracts import Column, FacetView
from leadloop.criteria.reading import DEEPEST, MOST_LEAVES
from leadloop.criteria.tests.strategies import NOW
from leadloop.criteria.tests.zoo import ANIMAL
from leadloop.kernel.errors import Invalid

FINE = {"facet": "animal.legs", "op": ">=", "value": 2}


def leaf(facet: str, op: str, value: Any) -> dict[str, Any]:
    return {"facet": facet, "op": op, "value": value}


def nested(depth: int) -> Any:
    return FINE if depth == 0 else {"all": [nested(depth - 1)]}


@pytest.mark.parametrize(
    ("ast", "place"),
    [
        (None, "condition"),
        ([], "condition"),
        ({}, "condition"),
        ({"all": [FINE], "any": [FINE]}, "condition"),
        ({"some": [FINE]}, "condition"),
        ({"all": FINE}, "all"),
        ({"all": [FINE, 7]}, "all[1]"),
        ({"all": [{"any": [FINE, leaf("animal.wings", "=", 2)]}]}, "all[0].any[1].facet"),
        (leaf("animal.legs", "contains", 2), "op"),
        ({"facet": "animal.legs"}, "op"),
        ({"facet": 7, "op": "="}, "facet"),
        ({**FINE, "colour": "red"}, "condition"),
        (leaf("animal.legs", ">=", "2"), "value"),
        (leaf("animal.legs", ">=", True), "value"),
        (leaf("animal.legs", ">=", float("nan")), "value"),
        (leaf("animal.legs", ">=", float("inf")), "value"),
        (leaf("animal.legs", ">=", 10**400), "value"),
        (leaf("animal.legs", ">=", 1e-300), "value"),
        (leaf("animal.legs", "between", [1]), "value"),
        (leaf("animal.legs", "between", [2, 1]), "value"),
        (leaf("animal.legs", "between", [1, "2"]), "value[1]"),
        (leaf("animal.legs", "in", []), "value"),
        (leaf("animal.legs", "in", list(range(501))), "value"),
        (leaf("animal.worth", "=", 1.5), "value"),
        (leaf("animal.name", "=", ""), "value"),
        (leaf("animal.name", "=", "a\0b"), "value"),
        (leaf("animal.name", "=", "\ud800"), "value"),
        (leaf("animal.name", "=", "a" * 501), "value"),
        (leaf("animal.name", "in", ["a", 1]), "value[1]"),
        (leaf("animal.name", "is_set", "yes"), "value"),
        (leaf("animal.is_wild", "is", "true"), "value"),
        (leaf("animal.born", "before", "2026-02-30"), "value"),
        (leaf("animal.born", "before", "2026-02-03T10:00+00:00"), "value"),
        (leaf("animal.fed_at", "before", "2026-02-03T10:00"), "value"),
        (leaf("animal.fed_at", "before", 5), "value"),
        (leaf("animal.fed_at", "within_days", -1), "value"),
        (leaf("animal.fed_at", "within_days", 1.5), "value"),
        (leaf("animal.colour", "in", ["red", "blue"]), "value"),
        (leaf("score.fit", ">=", 40), "facet"),
        (leaf("animal.name) or (1=1", "=", "x"), "facet"),
    ],
)
def test_the_place_of_what_is_wrong_is_named(ast: Any, place: str):
    wrong = check(ast, "animal")
    assert wrong is not None
    assert wrong.field == place
    assert wrong.problem
    assert wrong.mend


def test_conditions_are_bounded():
    assert check(nested(DEEPEST - 1), "animal") is None
    assert check(nested(DEEPEST), "animal") is not None
    assert check({"any": [FINE] * MOST_LEAVES}, "animal") is None
    assert check({"any": [FINE] * (MOST_LEAVES + 1)}, "animal") is not None


def test_a_condition_as_deep_as_a_well_is_refused_at_once():
    well: Any = FINE
    for _ in range(10_000):
        well = {"all": [well]}
    assert check(well, "animal") is not None


def test_an_option_that_was_dropped_later_is_only_never_met():
    assert "blue" in compile_ast(leaf("animal.colour", "=", "blue"), "animal", now=NOW).params
    with pytest.raises(Invalid):
        compile_ast(leaf("animal.colour", "=", "blue"), "animal", now=NOW, strict=True)


def test_values_in_memory_are_a_vocabulary_of_their_own():
    assert check(leaf("score.fit", ">=", 40), VALUES) is None
    assert check(leaf("guess.mood", "=", "calm"), VALUES) is None
    assert check(leaf("guess.What is your budget?", ">=", 50_000), VALUES) is None
    assert check(leaf("score.luck", ">=", 40), VALUES) is not None


def test_nothing_can_be_found_where_there_is_no_base_view():
    with pytest.raises(Invalid):
        compile_ast(FINE, "sighting", now=NOW)


@pytest.mark.parametrize(
    ("ast", "sentence"),
    [
        (
            {
                "all": [
                    leaf("animal.colour", "in", ["red", "green"]),
                    leaf("animal.legs", ">=", 4),
                    {"none": [leaf("enclosure.country", "=", "France")]},
                ]
            },
            "colour is red or green, and legs is at least 4, and not country is France",
        ),
        (leaf("animal.name", "!=", "Rex"), "name is not Rex"),
        (leaf("animal.name", "not_in", ["Rex", "Tom"]), "name is not Rex or Tom"),
        (leaf("animal.name", "contains", "re"), "name contains “re”"),
        (leaf("animal.name", "starts_with", "re"), "name starts with “re”"),
        ({"facet": "animal.name", "op": "is_set"}, "name is filled in"),
        ({"facet": "animal.name", "op": "is_empty"}, "name is empty"),
        (leaf("animal.legs", "in", [1, 2, 3, 4, 5, 6, 7]), "legs is 1, 2, 3, 4, 5 or one of 2 more"),
        (leaf("animal.weight", "<", 2.50), "weight is below 2.5"),
        (leaf("animal.weight", "between", [1, 3]), "weight is between 1 and 3"),
        (leaf("animal.is_wild", "is", False), "wild is no"),
        (leaf("animal.born", "before", "2026-03-01"), "born is before 1 March 2026"),
        (leaf("animal.fed_at", "after", "2026-03-01T14:30+02:00"), "fed is after 1 March 2026, 12:30 UTC"),
        (leaf("animal.fed_at", "within_days", 1), "fed is within the last 1 day"),
        (leaf("animal.fed_at", "within_next_days", 3), "fed is within the next 3 days"),
        (leaf("animal.fed_at", "older_than_days", 30), "fed is more than 30 days ago"),
        (leaf("animal.tricks", "has_any", ["sit", "roll"]), "tricks has sit or roll"),
        (
            {"all": [leaf("score.fit", ">=", 40), {"any": [leaf("animal.legs", "=", 2), leaf("animal.legs", "=", 4)]}]},
            "fit is at least 40, and either legs is 2, or legs is 4",
        ),
        (
            {"any": [{"all": [leaf("animal.legs", "=", 2), leaf("animal.name", "=", "Rex")]}, FINE]},
            "(legs is 2, and name is Rex), or legs is at least 2",
        ),
        (
            {"none": [{"all": [leaf("animal.legs", "=", 2), leaf("animal.name", "=", "Rex")]}, FINE]},
            "not (legs is 2, and name is Rex), and not legs is at least 2",
        ),
        (leaf("lost.shoe_size", "=", "44"), "shoe size is 44"),
        ({"all": []}, "always"),
        ({"any": []}, "never"),
        ({"none": []}, "always"),
    ],
)
def test_a_condition_reads_like_english(ast: Any, sentence: str):
    assert explain(ast) == sentence


def test_names_that_go_into_sql_must_be_identifiers():
    for view in (
        FacetView("zoo; drop", "hole", "hole", "hole_id", ()),
        FacetView("zoo_hole", "hole", "hole", "hole_id", (Column("a b", "A", "text"),)),
        FacetView("zoo_hole", "hole", "hole", "hole_id", (), links=(("animal", "x'"),)),
        FacetView("zoo_hole", "hole", "hole", "hole_id", (), attributes="x)"),
    ):
        with pytest.raises(ValueError, match="identifier"):
            registry.register(view)


def test_a_prefix_belongs_to_one_view_and_a_value_has_one_type():
    registry.register(ANIMAL)
    with pytest.raises(ValueError, match="taken"):
        registry.register(FacetView("zoo_other", "animal", "animal", "animal_id", ()))
    with pytest.raises(ValueError, match="two types"):
        registry.register_values("score", (Column("fit", "Fit", "text"),))
    with pytest.raises(ValueError, match="unknown type"):
        registry.register_values("score", (Column("luck", "Luck", "colour"),))  # type: ignore[arg-type]
