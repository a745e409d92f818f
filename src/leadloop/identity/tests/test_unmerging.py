"""Unmerging: what stands is what would stand had the two never been merged."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.identity.queries import history, survivors
from leadloop.identity.services import hold_merge, inquiries_since, unmerge
from leadloop.identity.tests.twins import INES, Event, Twin
from leadloop.kernel.errors import Conflict
from leadloop.people.services import export, forget
from leadloop.people.tests.world import facts

NAMES = st.sampled_from(["Anna", "Berg", "Zoë"])
TEXTS = st.sampled_from(["Berlin", "Kiel", "Hamburg"])


def told(crm: st.SearchStrategy[str], **addresses: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    """What somebody says of themselves, with these addresses."""
    return st.fixed_dictionaries(
        dict(addresses),
        optional={
            "given": NAMES,
            "family": st.just("Berg"),
            "city": TEXTS,
            "country": st.sampled_from(["DE", "AT"]),
            "title": st.sampled_from(["CEO", "Buyer"]),
            "buying_role": st.just("user"),
            "company_name": st.sampled_from(["Acme", "Bolt"]),
            "attributes": st.dictionaries(st.sampled_from(["size", "colour"]), st.integers(0, 2)),
            "consent": st.sampled_from(["Yes", "Yes please", "no"]),
            "crm": crm,
        },
    )


ADDRESSES = {"anna": "anna", "shadow": "shadow", "third": "third"}
START = st.fixed_dictionaries(
    {who: told(st.just(f"{place}"), email=st.just(mail), phone=st.sampled_from(["", f"{place}1"]))
     for place, (who, mail) in enumerate(ADDRESSES.items(), 1)}
)  # fmt: skip
INQUIRY = st.tuples(
    st.just("inquire"),
    told(
        st.sampled_from("1234"),
        email=st.sampled_from(["", *ADDRESSES.values(), "new"]),
        phone=st.sampled_from(["", "11", "21", "99"]),
    ),
)
FIELD = st.one_of(
    st.tuples(st.sampled_from(["city", "given_name"]), TEXTS),
    st.tuples(st.just("city"), st.just("")),
    st.tuples(st.just("attributes.size"), st.sampled_from([5, 6, "5", "", None])),
    st.tuples(st.just("title"), st.sampled_from(["Boss", "Head"])),
)
TWO = st.sampled_from([("anna", "anna"), ("shadow", "anna"), ("shadow", "shadow")])  # for whom, under whose id
EDIT = st.tuples(TWO, FIELD).map(lambda one: ("edit", one[0][0], *one[1], one[0][1]))
WORD = st.tuples(TWO, st.sampled_from(["given", "withdrawn"])).map(lambda one: ("word", one[0][0], one[1], one[0][1]))
BOUNCE = st.tuples(st.just("bounce"), st.sampled_from([*ADDRESSES.values()]))
quickly = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


def begin(world: Twin, start: dict[str, dict[str, Any]]) -> None:
    for who, words in start.items():
        world.happen(("first", who, words))


@quickly
@given(START, st.lists(EDIT | WORD | INQUIRY | BOUNCE, max_size=4))
def test_with_nothing_between_it_is_as_if_there_had_been_no_merge(
    db: None, start: dict[str, dict[str, Any]], events: list[Event]
) -> None:
    world = Twin()
    begin(world, start)
    for event in events:
        world.happen(event)
    before = world.stands()
    first = world.join("shadow", "third")
    between = world.stands()
    last = world.join("anna", "shadow")
    assert world.part(last).questions == ()
    assert world.stands() == between
    assert world.part(first).questions == ()
    assert world.stands() == before


@quickly
@given(START, st.lists(EDIT | WORD | INQUIRY | BOUNCE, max_size=8))
def test_what_happens_between_goes_to_whom_it_belongs(
    db: None, start: dict[str, dict[str, Any]], events: list[Event]
) -> None:
    twin, world = Twin(), Twin()
    begin(twin, start)
    begin(world, start)
    merged = world.join("anna", "shadow")
    for event in events:
        if world.happen(event):  # what changes nothing leaves no trace
            twin.happen(event)
        twin.now = world.now
    world.part(merged)
    assert world.stands() == twin.stands()


def people_of(world: Twin) -> tuple[int, int]:
    return world.persons["anna"], world.persons["shadow"]


@pytest.fixture
def world(db: None) -> Twin:
    """Anna, and another record of her."""
    world = Twin()
    begin(world, {"anna": {"email": "anna", "city": "Berlin"}, "shadow": {"email": "shadow", "phone": "21"}})
    return world


def test_nothing_is_written_before_what_is_open_is_answered(world: Twin) -> None:
    merged = world.join("anna", "shadow")
    world.happen(("edit", "shadow", "city", "Kiel", "anna"))
    before = world.stands()

    open_yet = world.part(merged, lambda _: "")

    (question,) = open_yet.questions
    assert (question.says, question.value, question.actor) == ("city", "Kiel", INES)
    assert (question.of_survivor, question.of_loser, question.proposed) == ("Berlin", "", "survivor")
    assert world.stands() == before
    assert facts("person.unmerged") == []
    assert world.part(merged).questions == ()
    assert [world.stands()[who]["city"] for who in ("anna", "shadow")] == ["Berlin", "Kiel"]


def test_an_answer_may_be_both(world: Twin) -> None:
    merged = world.join("anna", "shadow")
    world.happen(("edit", "anna", "city", "Kiel", "anna"))
    world.part(merged, lambda _: "both")
    assert [world.stands()[who]["city"] for who in ("anna", "shadow")] == ["Kiel", "Kiel"]


def test_it_is_a_fact_and_the_old_id_stands_for_itself(world: Twin) -> None:
    anna, shadow = people_of(world)
    merged = world.join("anna", "shadow")
    world.part(merged)
    assert survivors([anna, shadow]) == {anna: anna, shadow: shadow}
    assert [(who, payload) for who, _, _, payload in facts("person.unmerged")] == [
        (anna, f'{{"loser_id": {shadow}, "journal_id": {merged}}}')
    ]
    row = history(anna).merges[0]
    assert row.undone_at == world.now
    with pytest.raises(Conflict):
        world.part(merged)


def test_a_later_merge_is_taken_back_first(world: Twin) -> None:
    world.happen(("first", "third", {"email": "third"}))
    first, last = world.join("anna", "shadow"), world.join("third", "anna")
    with pytest.raises(Conflict) as wrong:
        world.part(first)
    assert wrong.value.mend == f"Take merge {last} back first"
    world.part(last)
    world.part(first)
    assert {one["alone"] == ["me"] for one in world.stands().values()} == {True}


def test_a_merge_is_for_good_once_one_of_them_was_erased(world: Twin) -> None:
    anna, shadow = people_of(world)
    merged = world.join("anna", "shadow")
    assert forget(person_id=shadow, actor=INES, now=world.now).person_ids == (anna, shadow)
    with pytest.raises(Conflict):
        world.part(merged)


def test_an_inquiry_that_can_not_be_read_any_more_is_asked_about(world: Twin) -> None:
    _, shadow = people_of(world)
    merged = world.join("anna", "shadow")
    world.happen(("inquire", {"email": "shadow"}))
    world.heard[-1] = replace(world.heard[-1], candidate=None)
    asked = []
    done = world.part(merged, lambda one: asked.append(one.key) or "loser")
    assert asked == [f"inquiry:{world.heard[-1].inquiry_id}"]
    assert done.inquiries == {world.heard[-1].inquiry_id: shadow}


def test_field_history_goes_with_whose_it_is(world: Twin) -> None:
    _, shadow = people_of(world)
    merged = world.join("anna", "shadow")
    world.happen(("edit", "shadow", "city", "Kiel", "shadow"))
    world.happen(("inquire", {"email": "shadow", "country": "AT"}))
    world.part(merged)
    kept = {(row["field"], row["new"]) for row in export(shadow)["field_history"]}
    assert {("city", "Kiel"), ("country", "AT")} <= kept


def test_it_takes_as_many_statements_for_much_as_for_little(db: None) -> None:
    def statements(many: int) -> int:
        world = Twin()
        begin(world, {"anna": {"email": "anna"}, "shadow": {"email": "shadow"}})
        merged = world.join("anna", "shadow")
        for i in range(many):
            world.happen(
                ("inquire", {"email": "shadow", "phone": f"9{i}", "company_name": f"Acme {i}", "consent": "Yes"})
            )
            world.happen(("edit", "shadow", "attributes.size", i, "shadow"))
        held = hold_merge(merged)
        with CaptureQueriesContext(connection) as done:
            inquiries_since(held, [one.inquiry_id for one in world.heard])
            unmerge(held, world.heard[2:], answers={}, actor=INES, now=world.now)
        return len(done)

    assert statements(1) == statements(12)
