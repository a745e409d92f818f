"""Two records side by side, merged, and parted again on the conflict screen; the same through the interface."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_api import Program
from leadloop.identity.queries import history, survivors
from leadloop.identity.services import never_merge
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import all_of, rows
from leadloop.leads.tests.world import World, world
from leadloop.ledger.queries import parted_timeline
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.queries import people
from leadloop.people.services import change_fields, fill_in
from tests.support.cast import Cast


@pytest.fixture
def office(db: None, cast: Cast) -> Iterator[World]:
    office = world(cast)
    with clock.at(office.now + timedelta(hours=3)):
        yield office


@pytest.fixture
def two(office: World) -> tuple[int, int]:
    """Two records of one person, each with a lead for the same interest."""
    anna, shadow = office.people(2)
    for person_id, mail, city in ((anna, "anna@acme.example", "Kiel"), (shadow, "a.berg@home.example", "Bonn")):
        known = NewPerson(ref=0, emails=(ContactValue(mail, mail),), city=city)
        fill_in([(person_id, known)], actor=office.by("kim"), now=office.now, source="inquiry")
        office.raise_hand(person_id)
        office.later(hours=1)
    return anna, shadow


@pytest.fixture
def ines(office: World) -> Client:
    return as_user(office.cast, "ines")


def text(answer: Any) -> str:
    return str(answer.content.decode())


def merge(client: Client, two: tuple[int, int], **more: str) -> Any:
    anna, shadow = two
    return client.post(f"/persons/{anna}/merge", {"with": str(shadow), "do": "merge", **more})


def merge_id(person_id: int) -> int:
    return history(person_id).merges[0].id


def test_both_stand_side_by_side_with_what_would_stay(ines: Client, two: tuple[int, int]) -> None:
    anna, shadow = two
    page = text(ines.get(f"/persons/{anna}/merge", {"with": str(shadow)}))
    assert "Kiel" in page
    assert "Bonn" in page
    assert "said last" in page
    assert "1 address<" in page
    assert "Both have an open lead for one interest 1 time" in page
    assert survivors([shadow]) == {shadow: shadow}


def test_the_rule_decides_and_a_choice_goes_before_it(ines: Client, two: tuple[int, int]) -> None:
    anna, _ = two
    merge(ines, two, **{"rule": "main", "field:city": "loser"})
    row = people([anna])[anna]
    assert (row.city, row.email) == ("Bonn", "anna@acme.example")


def test_an_old_id_and_a_merged_lead_lead_to_where_it_goes_on(ines: Client, two: tuple[int, int]) -> None:
    anna, shadow = two
    assert merge(ines, two)["Location"] == f"/persons/{anna}"
    assert ines.get(f"/persons/{shadow}")["Location"] == f"/persons/{anna}"
    merged, still = sorted(_leads(anna), key=lambda one: rows([one])[one].closed_at is None)
    assert ines.get(f"/leads/{merged}")["Location"] == f"/leads/{still}"
    assert f'href="/persons/{anna}"' in text(ines.get(f"/leads/{still}"))


def test_what_can_not_be_decided_is_asked(ines: Client, two: tuple[int, int], office: World) -> None:
    anna, shadow = two
    merge(ines, two, rule="main")
    change_fields(person_id=anna, changes={"city": "Ulm"}, actor=office.by("kim"), now=office.now)
    address = f"/persons/{anna}/unmerge/{merge_id(anna)}"
    page = text(ines.get(address))
    assert "Ulm" in page
    assert "would have “Bonn” otherwise" in page
    assert "Kim Maurer, 2 Mar 2026" in page

    assert ines.post(address, {}).status_code == 422
    assert survivors([shadow]) == {shadow: anna}

    (name,) = {part.split('"')[0] for part in page.split('name="edit:')[1:]}
    done = ines.post(address, {f"edit:{name}": "loser", "never_again": "on"})
    assert done["Location"] == f"/persons/{shadow}"
    assert [people([one])[one].city for one in two] == ["Kiel", "Ulm"]
    assert history(anna).never_with == (shadow,)
    assert "Taken back on" in text(ines.get(f"/persons/{anna}"))


def test_the_timeline_of_each_tells_their_own(ines: Client, two: tuple[int, int], office: World) -> None:
    """What was done while they were one stands under the one person on the ledger, and is told of whose lead it is."""
    anna, shadow = two
    pumps = office.raise_hand(shadow, "pumps").lead_id
    merge(ines, two)
    note = {"text": "Wants two pumps"}
    assert ines.post(f"/leads/{pumps}/note", note).status_code == 200
    ines.post(f"/persons/{anna}/unmerge/{merge_id(anna)}", {})

    kinds = {who: [e.kind for e in parted_timeline(person_ids=[who])] for who in two}
    assert ["activity.logged" in kinds[who] for who in two] == [False, True]
    assert ["person.unmerged" in kinds[who] for who in two] == [True, False]
    assert "Wants two pumps" in text(ines.get(f"/leads/{pumps}"))


def test_who_is_said_not_to_be_the_same_is_not_merged(ines: Client, two: tuple[int, int], office: World) -> None:
    anna, shadow = two
    never_merge(one_id=anna, other_id=shadow, actor=office.by("ines"), now=office.now)
    assert "Somebody said that they are not the same person" in text(
        ines.get(f"/persons/{anna}/merge", {"with": str(shadow)})
    )
    assert merge(ines, two).status_code == 409


@pytest.mark.parametrize(("who", "status"), [("sam", 404), ("viktor", 403)])
def test_only_who_may_change_both_merges(office: World, two: tuple[int, int], who: str, status: int) -> None:
    assert merge(as_user(office.cast, who), two).status_code == status


def test_another_record_is_looked_up_on_the_page(ines: Client, two: tuple[int, int]) -> None:
    anna, shadow = two
    page = text(ines.get(f"/persons/{anna}", {"q": "a.berg@home"}))
    assert f"/persons/{anna}/merge?with={shadow}" in page


def test_nobody_is_found_who_is_not_to_be_seen(office: World, two: tuple[int, int]) -> None:
    mine = office.lead_in(Stage.WORKING, owner="kim").person_id
    page = text(as_user(office.cast, "kim").get(f"/persons/{mine}", {"q": "berg@home"}))
    assert "Nobody else is found" in page
    assert as_user(office.cast, "kim").get(f"/persons/{two[0]}").status_code == 404


def _leads(person_id: int) -> list[int]:
    return [lead.id for lead in all_of([person_id])]


def test_a_program_looks_merges_and_takes_it_back(two: tuple[int, int], office: World) -> None:
    anna, shadow = two
    program = Program(office.cast, "ines", "people:edit", "people:see")
    plan = program.get(f"people/{anna}/merge", **{"with": shadow, "rule": "newest"}).json()
    city = next(one for one in plan["offers"] if one["field"] == "city")
    assert (city["wins"], city["why"], plan["against"]) == ("loser", "said last", [])

    done = program.post(f"people/{anna}/merge", {"with": shadow, "chosen": {"city": "survivor"}})
    assert done.status_code == 201
    assert program.get(f"people/{shadow}").json()["id"] == anna
    change_fields(person_id=anna, changes={"city": "Ulm"}, actor=office.by("kim"), now=office.now)

    merged = done.json()["merge_id"]
    (question,) = program.get(f"merges/{merged}").json()["questions"]
    refused = program.post(f"merges/{merged}/undo", {})
    assert (refused.status_code, question["key"] in refused.json()["problem"]) == (409, True)
    back = program.post(f"merges/{merged}/undo", {"answers": {question["key"]: "survivor"}})
    assert back.json() == {"survivor_id": anna, "loser_id": shadow, "still_merged": []}
    assert program.post(f"merges/{merged}/undo", {}).status_code == 409


def test_a_token_merges_only_what_its_user_may_change(two: tuple[int, int], office: World) -> None:
    anna, shadow = two
    for who, scopes, status in (("ines", ["people:see"], 403), ("sam", ["people:edit", "leads:edit"], 404)):
        program = Program(office.cast, who, *scopes)
        assert program.post(f"people/{anna}/merge", {"with": shadow}).status_code == status
