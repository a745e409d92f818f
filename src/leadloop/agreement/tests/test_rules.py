"""A sound agreement passes; whatever is unsound is named by its clause."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.agreement.contracts import PROMISES, STAGES, Capacity, Clauses
from leadloop.agreement.reading import changed, read_clauses
from leadloop.agreement.rules import problems, signers
from leadloop.agreement.tests.support import PEOPLE, text
from leadloop.kernel.errors import Invalid
from leadloop.leads.contracts import PromiseKind, Stage
from leadloop.platform.roles import Role

SALES, MARKETING = Capacity.HEAD_OF_SALES, Capacity.HEAD_OF_MARKETING


def unsound(clauses: Clauses, active: frozenset[int] = PEOPLE, **conditions: str) -> list[str]:
    return [problem.clause for problem in problems(clauses, active=active, conditions=conditions)]


def without(part: str, key: str) -> Clauses:
    plain = text().model_dump()
    del plain[part][key]
    return read_clauses(plain)


def test_the_keys_are_those_of_the_rooms_that_use_them():
    assert tuple(map(str, Stage)) == STAGES
    assert tuple(map(str, PromiseKind)) == PROMISES
    assert set(map(str, Capacity)) <= set(map(str, Role))


def test_the_standard_text_is_sound():
    assert problems(text(), active=PEOPLE, conditions={}) == []


@pytest.mark.parametrize(
    ("part", "key"),
    [("stages", "accepted"), ("promises", "contact"), ("places", "job"), ("reasons", "not_worked")],
)
def test_a_missing_clause_is_named(part: str, key: str):
    found = problems(without(part, key), active=PEOPLE, conditions={})
    assert found[0].clause == f"{part}.{key}"
    assert found[0].mend


@pytest.mark.parametrize(
    ("change", "clause"),
    [
        ({"stages": {"won": {"keeper_id": 99}}}, "stages.won.keeper_id"),
        ({"stages": {"won": {"deputy_id": 99}}}, "stages.won.deputy_id"),
        ({"stages": {"won": {"deputy_id": 6}}}, "stages.won.deputy_id"),
        ({"stages": {"won": {"label": "  "}}}, "stages.won.label"),
        ({"stages": {"won": {"means": ""}}}, "stages.won.means"),
        ({"stages": {"won": {"label": "lost"}}}, "stages.lost.label"),
        ({"promises": {"coffee": {"label": "Coffee", "minutes": 5}}}, "promises.coffee"),
        ({"places": {"support": 99}}, "places.support"),
        ({"reasons": {"price": {"uses": []}}}, "reasons.price.uses"),
        ({"reasons": {"price": {"uses": ["reject"]}}}, "reasons.price.back_to"),
        ({"reasons": {"price": {"uses": ["recycle"]}}}, "reasons.price.wake_days"),
        ({"reasons": {"price": {"wake_days": 0}}}, "reasons.price.wake_days"),
        ({"reasons": {"price": {"label": ""}}}, "reasons.price.label"),
        ({"reasons": {"Too Dear": {"label": "Too dear", "uses": ["lose"]}}}, "reasons.Too Dear"),
        ({"reasons": {"bought": {"uses": ["lose"]}}}, "reasons.bought"),
        ({"reopen_days": -1}, "reopen_days"),
        ({"reopen_days": 99_999}, "reopen_days"),
    ],
)
def test_an_unsound_clause_is_named(change: dict[str, Any], clause: str):
    assert clause in unsound(changed(text(), change))


def test_every_verb_needs_at_least_one_reason():
    plain = text().model_dump()
    plain["reasons"] = {code: r for code, r in plain["reasons"].items() if "recycle" not in r["uses"]}
    found = problems(read_clauses(plain), active=PEOPLE, conditions={})
    assert [(p.clause, p.problem) for p in found] == [("reasons", "There is no reason to recycle a lead")]


def test_a_condition_that_cannot_be_used_is_named_with_its_stage():
    assert unsound(text(), qualified="all[0].facet: Nothing is known as “score.luck” here") == [
        "stages.qualified.enters_when"
    ]


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({}, "leadership"),
        ({**text().model_dump(), "leadership": "nobody"}, "leadership"),
        ({**text().model_dump(), "colour": "green"}, "colour"),
    ],
)
def test_what_cannot_be_read_is_named(given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        read_clauses(given)
    assert caught.value.field == field
    assert caught.value.mend


def test_a_promise_of_no_time_cannot_be_read():
    with pytest.raises(Invalid) as caught:
        changed(text(), {"promises": {"accept": {"minutes": 0}}})
    assert caught.value.field == "promises.accept.minutes"


def test_changes_leave_the_rest_as_it_is():
    before = text()
    after = changed(before, {"promises": {"accept": {"minutes": 60}}, "reasons": {"price": None}, "places": {"job": 5}})
    assert after.promises["accept"].minutes == 60
    assert after.promises["accept"].label == before.promises["accept"].label
    assert "price" not in after.reasons
    assert after.reasons.keys() | {"price"} == before.reasons.keys()
    assert after.places == {**before.places, "job": 5}
    assert after.stages == before.stages
    assert before == text()


@pytest.mark.parametrize(
    ("leadership", "before", "asked"),
    [
        ("sales", None, (SALES,)),
        ("marketing", None, (MARKETING,)),
        ("joint", None, (SALES, MARKETING)),
        ("sales", "sales", (SALES,)),
        ("sales", "marketing", (SALES, MARKETING)),
        ("marketing", "joint", (SALES, MARKETING)),
    ],
)
def test_leadership_decides_who_signs_and_nobody_is_voted_out(leadership, before, asked):
    assert signers(leadership, before) == asked
