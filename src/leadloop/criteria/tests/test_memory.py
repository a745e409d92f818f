"""Asked in memory, a condition answers with the grounds of its answer."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection

from leadloop.criteria.rules import fold, holds
from leadloop.criteria.tests.strategies import NOW

QUALIFIED = {
    "all": [
        {"facet": "score.fit", "op": ">=", "value": 40},
        {"any": [{"facet": "animal.legs", "op": "=", "value": 2}, {"facet": "animal.legs", "op": "=", "value": 4}]},
    ]
}


def asked(op: str, value: Any, actual: Any, facet: str = "guess.answer") -> bool:
    ast = {"facet": facet, "op": op} if value is None else {"facet": facet, "op": op, "value": value}
    return holds(ast, {facet: actual}, NOW).outcome


def test_the_reasons_are_what_decided():
    yes = holds(QUALIFIED, {"score.fit": 55, "animal.legs": 4}, NOW)
    assert yes.outcome
    assert [(r.code, r.text) for r in yes.reasons] == [
        ("score.fit", "fit is at least 40 (it is 55)"),
        ("animal.legs", "legs is 4 (it is 4)"),
    ]
    no = holds(QUALIFIED, {"score.fit": 35, "animal.legs": 4}, NOW)
    assert not no.outcome
    assert [(r.code, r.text) for r in no.reasons] == [("score.fit", "not met: fit is at least 40 (it is 35)")]
    unknown = holds(QUALIFIED, {"score.fit": 55}, NOW)
    assert [r.text for r in unknown.reasons] == [
        "not met: legs is 2 (it is not known)",
        "not met: legs is 4 (it is not known)",
    ]


def test_personal_values_are_not_repeated():
    decision = holds({"facet": "animal.chip", "op": "=", "value": "x1"}, {"animal.chip": "secret"}, NOW)
    assert [r.text for r in decision.reasons] == ["not met: chip is x1"]


def test_a_group_of_none_is_settled_by_one_that_holds():
    ast = {"none": [{"facet": "score.fit", "op": ">", "value": 1}, {"facet": "animal.legs", "op": "=", "value": 2}]}
    assert holds(ast, {}, NOW).outcome
    refused = holds(ast, {"score.fit": 5}, NOW)
    assert not refused.outcome
    assert [r.code for r in refused.reasons] == ["score.fit"]


@pytest.mark.parametrize(
    ("op", "value", "actual", "answer"),
    [
        (">=", 50_000, "50000", True),
        (">=", 50_000, "49999.99", False),
        (">=", 50_000, "a lot", False),
        ("=", "Yes", "yes", True),
        ("contains", "pump", "Two PUMPS", True),
        ("in", ["a", "b"], ["x", "B"], True),
        ("is", True, True, True),
        ("is", True, 1, False),
        ("has", "sit", ["sit", "roll"], True),
        ("has", "sit", "sit", True),
        ("before", "2026-03-03", "2026-03-02", True),
        ("within_days", 1, date(2026, 3, 1), True),
        ("within_days", 1, NOW - timedelta(days=1, hours=5), True),
        ("within_days", 1, "soon", False),
        ("is_set", None, "", False),
        ("is_set", None, 0, True),
        ("is_empty", None, [], True),
        ("is_empty", None, None, True),
    ],
)
def test_an_answer_of_undeclared_type_is_read_as_what_is_asked(op: str, value: Any, actual: Any, answer: bool):
    assert asked(op, value, actual) is answer


def test_small_letters_are_those_of_the_database(db):
    letters = [chr(code) for code in range(1, 0x2000) if chr(code).isalpha()]
    with connection.cursor() as cursor:
        cursor.execute(
            "select lower(x) from unnest(%s::text[]) with ordinality as t (x, place) order by place", [letters]
        )
        small = [row[0] for row in cursor.fetchall()]
    assert [fold(letter) for letter in letters] == small
