"""Who answers for what."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Refused
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import open_count_by_owner
from leadloop.leads.services import hand_over_all, own
from leadloop.leads.tests.world import World, facts, owed, row
from leadloop.platform.models import User


def test_a_lead_changes_hands_with_what_is_owed_on_it(office: World) -> None:
    lead = office.lead_in(Stage.WORKING, owner="kim")

    changed = own([(lead.id, office.user("sam"))], actor=office.by("ruth"), now=office.now, reason="not_my_area")

    assert changed == [lead.id]
    again = row(lead.id)
    assert (again.owner_id, again.team_id) == (office.user("sam"), office.cast.team["world"])
    assert {one.owner_id for one in owed(lead.id).values()} == {office.user("sam")}
    (told,) = facts(lead.id, "lead.owned")
    assert (told[1]["owner_before_id"], told[1]["owner_id"], told[1]["reason"]) == (
        office.user("kim"),
        office.user("sam"),
        "not_my_area",
    )


def test_the_keepers_judgement_stays_with_the_keeper(office: World) -> None:
    (dana,) = office.people(1)
    opened = office.raise_hand(dana, owner_id=office.user("kim"))

    own([(opened.lead_id, office.user("ola"))], actor=office.by("ruth"), now=office.now)

    assert owed(opened.lead_id)["reply"].owner_id == office.user("ola")
    assert owed(opened.lead_id)["qualify"].owner_id == office.user("mira")


def test_nothing_happens_where_nothing_changes(office: World) -> None:
    lead, closed = office.lead_in(Stage.WORKING), office.lead_in(Stage.WORKING)
    office.move(closed.id, Stage.LOST, reason="price")
    kim, sam = office.user("kim"), office.user("sam")
    assert own([(lead.id, kim), (closed.id, sam), (999999999, sam)], actor=office.by("ruth"), now=office.now) == []
    assert facts(lead.id, "lead.owned") == []


def test_nobody_who_left_can_own(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    User.objects.filter(id=office.user("sam")).update(is_active=False)
    with pytest.raises(Refused, match="no active account"):
        own([(lead.id, office.user("sam"))], actor=office.by("ruth"), now=office.now)
    assert row(lead.id).owner_id == office.user("kim")


def test_who_leaves_hands_everything_over(office: World) -> None:
    mine = office.leads_in(Stage.WORKING, ["kim", "kim", "ola"])
    kim, ola = office.user("kim"), office.user("ola")
    (dana,) = office.people(1)
    judged_by_mira = office.raise_hand(dana, owner_id=kim).lead_id

    assert hand_over_all(kim, ola, actor=office.by("ada"), now=office.now) == 3
    assert open_count_by_owner([kim, ola]) == {kim: 0, ola: 4}
    assert row(mine[0].id).owner_id == ola

    hand_over_all(office.user("mira"), ola, actor=office.by("ada"), now=office.now)
    assert owed(judged_by_mira)["qualify"].owner_id == ola


@pytest.mark.parametrize("number", [1, 100])
def test_owning_costs_the_same_number_of_queries_for_any_number(office: World, number: int) -> None:
    leads = office.leads_in(Stage.WORKING, ["kim"] * number)
    with CaptureQueriesContext(connection) as owning:
        own([(one.id, office.user("ola")) for one in leads], actor=office.by("ruth"), now=office.now)
    transaction = 2
    assert len(owning) - transaction == 5  # leads, users, owners, promises, facts
