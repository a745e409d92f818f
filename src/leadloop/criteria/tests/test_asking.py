"""Asking the database: what is found, how it is loaded, and what it costs."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from leadloop.criteria import queries, registry, services
from leadloop.criteria.compile import check, compile_ast, count, matching, select_ids
from leadloop.criteria.models import CustomField
from leadloop.criteria.rules import holds
from leadloop.criteria.tests import zoo
from leadloop.criteria.tests.strategies import NOW
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event

LEGS = {"facet": "animal.legs", "op": ">=", "value": 2}


def leaf(facet: str, op: str, value: Any) -> dict[str, Any]:
    return {"facet": facet, "op": op, "value": value}


@pytest.fixture
def herd(open_zoo: None) -> None:
    zoo.put("enclosure", enclosure_id=1, country="France", area=2)
    zoo.put("animal", animal_id=1, enclosure_id=1, name="100% wool", legs=4, tricks=["sit"])
    zoo.put("animal", animal_id=2, enclosure_id=1, name="100 wool", legs=2)
    zoo.put("animal", animal_id=3, name="under_score", legs=0, attributes={"teeth": "12", "tame": True})
    for channel in ("eye", "camera", "camera"):
        zoo.put("sighting", animal_id=1, channel=channel)


def found(ast: Any) -> list[int]:
    return select_ids(ast, "animal", NOW)


@pytest.mark.parametrize(
    ("ast", "ids"),
    [
        (leaf("animal.name", "contains", "0% W"), [1]),
        (leaf("animal.name", "contains", "r_s"), [3]),
        (leaf("animal.name", "contains", "100_wool"), []),
        (leaf("animal.name", "starts_with", "100"), [1, 2]),
        (leaf("animal.name", "=", "100 WOOL"), [2]),
        (leaf("enclosure.country", "!=", "France"), [3]),
        ({"none": [leaf("enclosure.country", "=", "France")]}, [3]),
        (leaf("sighting.channel", "=", "camera"), [1]),
        (leaf("sighting.channel", "!=", "camera"), [2, 3]),
        (leaf("animal.custom.teeth", ">", 10), [3]),
        (leaf("animal.custom.tame", "is", False), []),
        ({"all": [LEGS, leaf("animal.tricks", "has", "sit")]}, [1]),
        ({"all": []}, [1, 2, 3]),
        ({"any": []}, []),
    ],
)
def test_what_is_asked_is_what_is_found(herd: None, ast: Any, ids: list[int]):
    assert found(ast) == ids


def test_a_condition_goes_into_a_larger_question(herd: None):
    compiled = compile_ast(LEGS, "animal", now=NOW)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from zoo_animal where {compiled.sql}", compiled.params)
        assert cursor.fetchone() == (2,)
        cursor.execute(
            f"select count(*) from zoo_animal a where {compiled.on('a.animal_id')} and a.legs < %s",
            [*compiled.params, 4],
        )
        assert cursor.fetchone() == (1,)


def test_many_are_asked_in_pages(herd: None):
    assert select_ids(LEGS, "animal", NOW, limit=1) == [1]
    assert select_ids(LEGS, "animal", NOW, after=1) == [2]


def test_asking_is_one_query_whatever_the_number(herd: None, django_assert_num_queries):
    ast = {"all": [LEGS, leaf("enclosure.area", "<", 9), leaf("sighting.channel", "!=", "eye")]}
    for ids in ([1], [1, 2, 3]):
        with django_assert_num_queries(1):
            matching(ast, "animal", ids, NOW)
    with django_assert_num_queries(1):
        count(ast, "animal", NOW)
    with django_assert_num_queries(2):  # one to know the own field
        matching({"all": [leaf("animal.custom.teeth", ">", 1)] * 3}, "animal", [1], NOW)


def test_plain_comparisons_stay_bare_so_that_indexes_serve_them(open_zoo: None):
    compiled = compile_ast({"all": [LEGS, leaf("animal.colour", "=", "red")]}, "animal", now=NOW)
    assert compiled.select == "select s.animal_id from zoo_animal s where (s.legs >= %s and s.colour = %s)"
    assert compiled.params == (2, "red")


def test_values_are_loaded_for_many_at_once(herd: None, django_assert_num_queries):
    keys = ["animal.legs", "enclosure.country", "sighting.channel", "animal.custom.tame", "unknown.key"]
    with django_assert_num_queries(3):  # own fields, the base views, and sightings
        loaded = queries.values(keys, "animal", [1, 3, 99])
    assert loaded == {
        1: {
            "animal.legs": 4,
            "animal.custom.tame": None,
            "enclosure.country": "France",
            "sighting.channel": ["eye", "camera", "camera"],
        },
        3: {"animal.legs": 0, "animal.custom.tame": True, "enclosure.country": None, "sighting.channel": []},
    }
    assert holds(leaf("sighting.channel", "=", "camera"), loaded[1], NOW).outcome
    assert queries.values(keys, "sighting", [1]) == {}


def test_all_that_may_be_spoken_of_is_listed(open_zoo: None):
    keys = [facet.key for facet in queries.all_facets("animal")]
    assert keys[:2] == ["animal.name", "animal.weight"]
    assert {"enclosure.area", "sighting.channel", "visit.guests", "animal.custom.diet", "enclosure.custom.roof"} <= set(
        keys
    )
    assert "score.fit" not in keys
    diet = next(f for f in queries.all_facets("animal") if f.key == "animal.custom.diet")
    assert diet.options == (("meat", "meat"), ("hay", "hay"))
    assert check(leaf("animal.custom.diet", "=", "grass"), "animal") is not None
    assert registry.base("sighting") is None


def define(**given: Any) -> int:
    fine = {"subject": "person", "key": "shoe_size", "label": "Shoe size", "type_": "number"}
    return services.define_field(**{**fine, **given}, actor=by_system("test"), now=NOW)


def test_a_field_is_defined_once_and_may_be_relabelled(db):
    field_id = define()
    assert define() == field_id
    assert define(label="Shoes") == field_id
    row = next(row for row in queries.fields("person") if row.id == field_id)
    assert (row.facet, row.label, row.type) == ("person.custom.shoe_size", "Shoes", "number")
    with pytest.raises(Conflict):
        define(type_="text")
    assert CustomField.objects.filter(key="shoe_size").count() == 1
    assert Event.objects.filter(kind="field.defined", payload__field="shoe_size").count() == 2


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"subject": "animal"}, "subject"),
        ({"key": "Shoe size"}, "key"),
        ({"key": "x'; drop table"}, "key"),
        ({"label": " "}, "label"),
        ({"type_": "colour"}, "type"),
        ({"type_": "choice"}, "options"),
        ({"options": ["a"]}, "options"),
    ],
)
def test_a_field_that_cannot_be_is_refused(db, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        define(**given)
    assert caught.value.field == field
