"""Two companies become one in every room, and are parted as if they never had been."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.agreement.queries import in_force
from leadloop.identity.contracts import UnmergedCompany
from leadloop.identity.services import judge_companies
from leadloop.kernel.errors import Conflict, Refused
from leadloop.leads.queries import all_of
from leadloop.ledger.contracts import by_user
from leadloop.ledger.sql import fetch
from leadloop.loop import merging, merging_companies
from leadloop.people.queries import below, companies, positions, with_address
from leadloop.people.services import change_company, forget
from leadloop.selling.services import open_opportunity
from tests.stories.house import House

_worlds = count(1)
NORTH, SOUTH = "north", "south"


@dataclass
class World:
    """One of two worlds in one house: its addresses and names are its own."""

    house: House
    name: str = field(default_factory=lambda: f"f{next(_worlds)}")

    @property
    def acting(self) -> dict[str, Any]:
        return {"actor": by_user(self.house.cast.user["ines"]), "now": self.house.now}

    def writes(self, who: str, firm: str, **more: Any) -> None:
        """Somebody of a firm writes in, from an address at its domain."""
        body = {"name": f"{who.title()} Berg", "email": self.address(who, firm), "company": self.firm_name(firm)}
        self.house.inquire(**body | more)
        self.house.wait(minutes=1)
        self.house.run()

    def address(self, who: str, firm: str) -> str:
        return f"{who}@{firm}-{self.name}.example"

    def firm_name(self, firm: str) -> str:
        return f"{firm.title()} Pumps {self.name}"

    def firm(self, firm: str) -> int:
        ((company_id,),) = fetch(
            "select id from people_company where domain = %s order by id limit 1", [f"{firm}-{self.name}.example"]
        )
        return int(company_id)

    def person(self, who: str, firm: str) -> int:
        (found,) = with_address(self.address(who, firm), "DE")
        return found

    def deal(self, firm: str, **more: Any) -> int:
        return open_opportunity(
            lead_ids=[],
            name=f"Deal of {firm}",
            owner_id=self.house.cast.user["kim"],
            company_id=self.firm(firm),
            currency="EUR",
            amount=100_000,
            close_on=self.house.now.date() + timedelta(days=30),
            next_step="Call",
            next_step_at=self.house.now + timedelta(days=2),
            terms=in_force(),
            **more,
            **self.acting,
        )

    def join(self, **more: Any) -> int:
        return merging_companies.join(self.firm(NORTH), self.firm(SOUTH), **more, **self.acting)

    def part(self, merge_id: int, **answers: str) -> UnmergedCompany:
        return merging_companies.part(merge_id, answers=answers, **self.acting)

    def stands(self, *whose: tuple[str, str]) -> dict[str, Any]:
        """What is known of both firms, their keys, their people's places, leads and deals, by names of this world."""
        ids = {self.firm(firm): firm for firm in (NORTH, SOUTH)}
        rows = {firm: companies([i])[i] for i, firm in ids.items()}
        held = fetch("select company_id, kind, value from identity_companykey where company_id = any(%s)", [list(ids)])
        deals = fetch("select name, company_id from selling_opportunity where company_id = any(%s)", [list(ids)])
        return {
            "firms": {f: (r.name, r.domain, r.industry, r.city, r.employees, r.attributes) for f, r in rows.items()},
            "named": self._own(rows),
            "keys": sorted((ids[i], kind, value) for i, kind, value in held),
            "places": {who: sorted(self._places(*who, ids)) for who in whose},
            "leads": {who: [ids.get(lead.company_id or 0) for lead in all_of([self.person(*who)])] for who in whose},
            "deals": sorted((name, ids[i]) for name, i in deals),
        }

    def _own(self, rows: dict[str, Any]) -> dict[str, int]:
        return {firm: len(below(row.id)) for firm, row in rows.items()}

    def _places(self, who: str, firm: str, ids: dict[int, str]) -> list[tuple[str, str, bool]]:
        person_id = self.person(who, firm)
        return [
            (ids.get(one.company_id or 0, "elsewhere"), one.title, one.is_primary)
            for one in positions([person_id])[person_id]
        ]


def plain(stands: dict[str, Any], name: str) -> Any:
    """What stands, without the name of its world."""
    return repr(stands).replace(name, "")


@pytest.fixture
def world(house: House) -> World:
    world = World(house)
    world.writes("ann", NORTH, title="Buyer", city="Kiel")
    world.writes("bo", SOUTH, title="Engineer", industry="Machinery")
    world.deal(SOUTH)
    return world


PEOPLE = (("ann", NORTH), ("bo", SOUTH))


def test_everything_moves_and_comes_back(world: World) -> None:
    before = world.stands(*PEOPLE)
    north, south = world.firm(NORTH), world.firm(SOUTH)
    child = _firm_below(world, south)
    merged = world.join()

    assert companies([south])[south].id == north  # the old id leads on
    one = companies([north])[north]
    assert (one.name, one.city, one.industry) == (world.firm_name(NORTH), "Kiel", "Machinery")
    assert [lead.company_id for lead in all_of([world.person("bo", SOUTH)])] == [north]
    assert fetch("select count(*) from selling_opportunity where company_id = %s", [north]) == [(1,)]
    assert companies([child])[child].parent_id == north
    assert world.house.breaches() == []
    with pytest.raises(Conflict):
        world.join()

    assert world.part(merged).questions == ()
    assert companies([child])[child].parent_id == south
    assert world.stands(*PEOPLE) == before | {"named": {NORTH: 0, SOUTH: 1}}
    assert world.house.breaches() == []
    with pytest.raises(Conflict):
        world.part(merged)


def _firm_below(world: World, parent: int) -> int:
    world.writes("kid", "child")
    child = world.firm("child")
    change_company(company_id=child, changes={"parent_id": parent}, **world.acting)
    return child


def test_what_comes_since_goes_to_whose_it_is(world: World) -> None:
    merged = world.join()
    world.writes("cleo", SOUTH, employees="40")
    world.writes("dan", NORTH)
    world.part(merged)
    who = (("cleo", SOUTH), ("dan", NORTH))
    stands = world.stands(*who)
    assert {one: places[0][0] for one, places in stands["places"].items()} == {who[0]: SOUTH, who[1]: NORTH}
    assert stands["leads"] == {who[0]: [SOUTH], who[1]: [NORTH]}
    assert world.house.breaches() == []


def test_a_change_by_hand_is_asked_about_and_nothing_is_written_before_it_is_answered(world: World) -> None:
    merged = world.join()
    north, south = world.firm(NORTH), world.firm(SOUTH)
    change_company(company_id=north, changes={"industry": "Shipping"}, **world.acting)
    change_company(company_id=south, changes={"employees": 12}, **world.acting)  # under the old id
    deal = world.deal(NORTH)
    found = world.part(merged)
    assert {one.key.partition(":")[0]: one.proposed for one in found.questions} == {"edit": "loser", "deal": ""}
    assert companies([south])[south].id == north
    answers = {one.key: "loser" for one in found.questions}
    assert merging_companies.part(merged, answers=answers, **world.acting).questions == ()
    rows = companies([north, south])
    assert (rows[north].industry, rows[south].industry) == ("", "Shipping")
    assert (rows[north].employees, rows[south].employees) == (None, 12)
    assert fetch("select company_id from selling_opportunity where id = %s", [deal]) == [(south,)]
    assert world.house.breaches() == []


def test_who_was_at_both_has_one_place_and_two_again(world: World) -> None:
    world.writes("bo", SOUTH, domain=f"north-{world.name}.example", title="Advisor")
    before = world.stands(*PEOPLE)
    assert len(before["places"]["bo", SOUTH]) == 2
    merged = world.join()
    bo = world.person("bo", SOUTH)
    assert [one.company_id for one in positions([bo])[bo]] == [world.firm(NORTH)]
    world.part(merged)
    assert world.stands(*PEOPLE) == before


def test_two_that_are_never_the_same_or_have_one_between_them_stay_two(world: World) -> None:
    north, south = world.firm(NORTH), world.firm(SOUTH)
    judge_companies(one_id=north, other_id=south, verdict="never", **world.acting)
    with pytest.raises(Refused, match="not the same company"):
        world.join()
    judge_companies(one_id=north, other_id=south, verdict="related", **world.acting)
    middle = _firm_below(world, north)
    change_company(company_id=south, changes={"parent_id": middle}, **world.acting)
    with pytest.raises(Refused, match="third company"):
        world.join()
    change_company(company_id=south, changes={"parent_id": north}, **world.acting)
    merged = world.join()
    assert companies([north])[north].parent_id is None
    world.part(merged)
    assert companies([south])[south].parent_id == north
    assert world.house.breaches() == []


def test_somebody_who_was_erased_since_is_in_no_journal_and_does_not_come_back(world: World) -> None:
    world.writes("bo", SOUTH, domain=f"north-{world.name}.example", title="Chief Zebedee")
    merged = world.join()
    bo = world.person("bo", SOUTH)
    forget(person_id=bo, **world.acting)
    ((kept,),) = fetch("select moved::text from identity_companymerge where id = %s", [merged])
    assert "Zebedee" not in kept
    assert "Engineer" not in kept
    assert "Buyer" in kept
    world.part(merged)
    assert positions([bo])[bo] == []
    assert world.house.breaches() == []


def test_a_person_parted_after_their_company_was_merged_works_at_the_one_company(world: World) -> None:
    world.writes("twin", SOUTH)
    bo, twin = world.person("bo", SOUTH), world.person("twin", SOUTH)
    person_merge = merging.join(bo, twin, **world.acting)
    merged = world.join()
    merging.part(person_merge, answers={}, **world.acting)
    assert [one.company_id for one in positions([twin])[twin]] == [world.firm(NORTH)]
    assert world.house.breaches() == []
    found = world.part(merged)
    answers = {one.key: "loser" for one in found.questions}
    if answers:
        merging_companies.part(merged, answers=answers, **world.acting)
    assert [one.company_id for one in positions([bo])[bo]] == [world.firm(SOUTH)]
    assert world.house.breaches() == []


EVENT = st.tuples(
    st.sampled_from([("ann", NORTH), ("bo", SOUTH), ("cleo", SOUTH), ("dan", NORTH)]),
    st.fixed_dictionaries(
        {},
        optional={
            "city": st.sampled_from(["Kiel", "Bonn"]),
            "industry": st.sampled_from(["Machinery", "Shipping"]),
            "employees": st.sampled_from(["40", "900"]),
            "title": st.sampled_from(["Buyer", "Engineer"]),
            "interest": st.sampled_from(["pumps", "service"]),
        },
    ),
)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(EVENT, max_size=3), st.lists(EVENT, max_size=5))
def test_two_histories_end_alike(house: House, first: list[Any], between: list[Any]) -> None:
    start = house.now
    ends = []
    for merge in (True, False):
        house.now = start
        world = World(house)
        world.writes("ann", NORTH)
        world.writes("bo", SOUTH)
        for who, more in first:
            world.writes(*who, **more)
        merged = world.join() if merge else None
        for who, more in between:
            world.writes(*who, **more)
        if merged is not None:
            assert world.part(merged).questions == ()
        known = [*PEOPLE, *(who for who, _ in (*first, *between) if who not in PEOPLE)]
        ends.append(plain(world.stands(*dict.fromkeys(known)), world.name))
    assert ends[0] == ends[1]
    assert house.breaches() == []
