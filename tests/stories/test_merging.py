"""Two persons become one in every room, and are parted as if they never had been."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.capture.queries import inquiries
from leadloop.identity.queries import survivors
from leadloop.kernel.errors import Conflict
from leadloop.leads.contracts import CLOSED_STAGES, Stage
from leadloop.leads.queries import all_of, rows
from leadloop.ledger.contracts import by_user
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.loop import merging
from leadloop.people.queries import consents, people, with_address
from tests.stories.house import House

_worlds = count(1)


@dataclass
class World:
    """One of two worlds in one house: its addresses are its own."""

    house: House
    name: str = field(default_factory=lambda: f"w{next(_worlds)}")
    sent: list[int] = field(default_factory=list)

    def writes(self, *whose: str, **more: Any) -> None:
        """Somebody writes in, and everything that follows happens."""
        for who in whose:
            body = {"name": f"{who.title()} Berg", "email": f"{who}@{self.name}.example", **more}
            self.sent.append(self.house.inquire(**body))
        self.house.wait(minutes=1)
        self.house.run()

    def person(self, who: str) -> int:
        (found,) = with_address(f"{who}@{self.name}.example", "DE")
        return found

    def join(self, survivor: str, loser: str) -> int:
        by = by_user(self.house.cast.user["ines"])
        return merging.join(self.person(survivor), self.person(loser), actor=by, now=self.house.now)

    def part(self, merge_id: int) -> Any:
        by = by_user(self.house.cast.user["ines"])
        return merging.part(merge_id, answers={}, actor=by, now=self.house.now)

    def stands(self, *whose: str) -> dict[str, Any]:
        """Leads with their inquiries, by the order in which these came, and what is allowed."""
        found = {}
        for who in whose:
            person_id = self.person(who)
            asked = inquiries(person_ids=[person_id])
            of_lead = Counter((row.lead_id, self.sent.index(row.id)) for row in asked)
            leads = [
                {
                    "interest": lead.interest_id,
                    "open": lead.stage not in CLOSED_STAGES,
                    "stage": lead.stage,
                    "touches": lead.touches,
                    "last": lead.last_touch_at,
                    "inquiries": sorted(place for one, place in of_lead if one == lead.id),
                }
                for lead in all_of([person_id])
            ]
            words = consents([person_id])[person_id]
            one = people([person_id])[person_id]
            found[who] = {
                "leads": sorted(leads, key=lambda lead: (lead["interest"], lead["inquiries"])),
                "words": sorted((w.purpose, w.state, w.wording) for w in words),
                "known": (one.name, one.email.replace(self.name, ""), one.city),
            }
        return found


def test_everything_moves_and_comes_back(house: House) -> None:
    world = World(house)
    world.writes("anna", "shadow", consent="yes", consent_wording="Yes, write to me")
    world.writes("shadow")
    before = world.stands("anna", "shadow")
    anna, shadow = world.person("anna"), world.person("shadow")

    merged = world.join("anna", "shadow")

    assert survivors([shadow]) == {shadow: anna}
    assert {row.person_id for row in inquiries(ids=world.sent)} == {anna}
    (still,) = [lead for lead in all_of([anna]) if lead.stage not in CLOSED_STAGES]
    assert still.touches == 3
    assert house.breaches() == []

    world.part(merged)

    assert world.stands("anna", "shadow") == before
    assert house.breaches() == []
    with pytest.raises(Conflict):
        world.part(merged)


def test_who_wrote_since_gets_a_lead_of_their_own(house: House) -> None:
    """Both had nothing open: what the first opened while they were one is not the other's."""
    world = World(house)
    world.writes("anna", "shadow", inquiry_type="support")
    merged = world.join("anna", "shadow")
    world.writes("shadow")
    world.writes("anna")
    world.part(merged)

    stands = world.stands("anna", "shadow")
    assert [lead["inquiries"] for lead in stands["shadow"]["leads"]] == [[2]]
    assert [lead["inquiries"] for lead in stands["anna"]["leads"]] == [[3]]
    assert [lead["touches"] for who in stands.values() for lead in who["leads"]] == [1, 1]
    house.run()
    assert (house.breaches(), parked()) == ([], [])


def test_a_lead_that_closed_as_merged_runs_again(house: House) -> None:
    world = World(house)
    world.writes("anna")
    world.writes("shadow")
    ((shadows,),) = fetch("select id from leads_lead where person_id = %s", [world.person("shadow")])
    merged = world.join("anna", "shadow")
    assert rows([shadows])[shadows].stage is Stage.MERGED
    world.part(merged)
    assert rows([shadows])[shadows].stage not in CLOSED_STAGES
    assert house.breaches() == []


EVENT = st.tuples(
    st.sampled_from(["anna", "shadow"]),
    st.fixed_dictionaries(
        {},
        optional={
            "interest": st.sampled_from(["pumps", "service"]),
            "inquiry_type": st.just("support"),
            "consent": st.sampled_from(["yes", "no"]),
            "city": st.sampled_from(["Kiel", "Bonn"]),
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
        world.writes("anna")
        world.writes("shadow")
        for who, more in first:
            world.writes(who, **more)
        merged = world.join("anna", "shadow") if merge else None
        for who, more in between:
            world.writes(who, **more)
        if merged is not None:
            assert world.part(merged).questions == ()
        ends.append(world.stands("anna", "shadow"))
    assert ends[0] == ends[1]
