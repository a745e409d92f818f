"""Two persons turn out to be one, or not after all."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.leads.contracts import Stage
from leadloop.leads.services import move_person, return_person
from leadloop.leads.tests.world import World, facts, owed, row


def test_the_losers_leads_go_over(office: World) -> None:
    loser, survivor = office.people(2)
    pumps = office.raise_hand(loser, "pumps").lead_id
    office.raise_hand(survivor, "service")

    move_person(loser, survivor, actor=office.by("ines"), now=office.now)

    assert row(pumps).person_id == survivor
    ((_, told),) = facts(pumps, "lead.moved_person")
    assert (told["before_person_id"], told["person_id"]) == (loser, survivor)


def test_of_two_pursuits_of_one_interest_the_older_goes_on(office: World) -> None:
    loser, survivor = office.people(2)
    older = office.raise_hand(loser).lead_id
    office.later(hours=1)
    younger = office.raise_hand(survivor).lead_id

    move_person(loser, survivor, actor=office.by("ines"), now=office.now)

    gone, stays = row(younger), row(older)
    assert (gone.stage, gone.close_reason, owed(younger)) == (Stage.MERGED, "same_person", {})
    assert (stays.stage, stays.person_id, stays.touches, stays.last_touch_at) == (
        Stage.INQUIRY,
        survivor,
        2,
        office.now,
    )


def test_a_pursuit_that_got_further_is_not_given_up_for_an_older_one(office: World) -> None:
    loser, survivor = office.people(2)
    older = office.raise_hand(survivor).lead_id
    office.later(hours=1)
    further = office.raise_hand(loser).lead_id
    office.move(further, Stage.QUALIFIED)

    move_person(loser, survivor, actor=office.by("ines"), now=office.now)

    assert (row(further).stage, row(further).person_id) == (Stage.QUALIFIED, survivor)
    assert row(older).stage is Stage.MERGED


@pytest.mark.parametrize("older_is", ["loser", "survivor"])
def test_parting_them_again_brings_everything_back(office: World, older_is: str) -> None:
    loser, survivor = office.people(2)
    first, second = (loser, survivor) if older_is == "loser" else (survivor, loser)
    leads = [
        office.raise_hand(first).lead_id,
        office.raise_hand(second).lead_id,
        office.raise_hand(loser, "pumps").lead_id,
    ]
    before = [(row(one).person_id, row(one).stage, row(one).touches, row(one).due_at, owed(one)) for one in leads]

    journal = move_person(loser, survivor, actor=office.by("ines"), now=office.now)
    office.later(days=40)
    changed = return_person(json.loads(json.dumps(journal)), actor=office.by("ines"), now=office.now)

    assert changed == []
    after = [(row(one).person_id, row(one).stage, row(one).touches, row(one).due_at, owed(one)) for one in leads]
    assert after == before


def test_merging_who_has_nothing_is_nothing(office: World) -> None:
    loser, survivor = office.people(2)
    assert move_person(loser, survivor, actor=office.by("ines"), now=office.now) == []
    assert return_person([], actor=office.by("ines"), now=office.now) == []


@pytest.mark.parametrize("interests", [["general"], ["general", "pumps", "service"]])
def test_merging_costs_the_same_number_of_queries_for_any_number(office: World, interests: list[str]) -> None:
    loser, survivor = office.people(2)
    for interest in interests:
        office.raise_hand(loser, interest)
        office.raise_hand(survivor, interest)
    with CaptureQueriesContext(connection) as merging:
        move_person(loser, survivor, actor=office.by("ines"), now=office.now)
    assert len(merging) == 15
