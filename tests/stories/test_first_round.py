"""One way round the loop: an inquiry becomes a lead, is scored, handed over, worked, won, and its money comes home."""

from __future__ import annotations

from datetime import timedelta

import pytest

from leadloop.agreement.queries import in_force
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import listing, rows, worklist
from leadloop.ledger.queries import parked
from leadloop.loop import commands
from leadloop.loop.commands import NewDeal
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.tracking.contracts import Period
from leadloop.tracking.queries import funnel, loop_table, returns
from tests.stories.house import House, open_house
from tests.support.cast import Cast

DANA = {
    "name": "Dana Ruiz",
    "email": "dana.ruiz@acme-pumps.example",
    "phone": "+49 30 5550123",
    "company": "Acme Pumps GmbH",
    "title": "Head of Operations",
    "message": "Please show us your pumps.",
    "budget": "40,000",
    "timing": "this quarter",
}


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


def test_from_the_form_to_the_money(house: House) -> None:
    house.inquire(**DANA)
    house.run()
    assert parked() == []
    kim = house.viewer("kim")
    (lead,) = worklist(kim, now=house.now).rows
    assert lead.stage is Stage.ASSIGNED
    assert (lead.grade, lead.due_kind) == ("B", "accept")
    assert house.breaches() == []

    house.wait(minutes=20)
    commands.accept(kim, [lead.id], now=house.now)
    house.wait(minutes=5)
    tomorrow = house.now + timedelta(days=1)
    call = ActivityIn(
        lead_id=lead.id, kind=ActivityKind.CALL, outcome="talked", note="Needs two pumps.",
        next_step_at=tomorrow, next_step_note="Send the offer",
    )  # fmt: skip
    commands.log(kim, call, now=house.now)
    assert rows([lead.id])[lead.id].stage is Stage.WORKING
    deal = NewDeal(
        lead_ids=(lead.id,), primary=lead.id, name="Two pumps", currency="EUR", amount=4_000_000,
        close_on=(house.now + timedelta(days=30)).date(), next_step="Send the offer", next_step_at=tomorrow,
    )  # fmt: skip
    done = commands.open_deal(kim, deal, now=house.now)
    house.wait(days=14)
    assert done.opportunity_id is not None
    commands.win(kim, done.opportunity_id, now=house.now)
    house.run()

    won = rows([lead.id])[lead.id]
    assert (won.stage, won.close_reason) == (Stage.WON, "bought")
    period = Period(house.now - timedelta(days=60), house.now + timedelta(days=1))
    assert [step.leads for step in funnel(period)] == [1] * 7
    (row,) = returns(period, zone="Europe/Berlin")
    assert (row.programme_id, row.revenue, row.inquiries) == (house.cast.programme["ads"], 4_000_000, 1)
    assert {part.key for part in loop_table(period, terms=in_force(), now=house.now)} == {
        "qualification", "nurturing", "distribution", "selling",
    }  # fmt: skip
    assert house.breaches() == []


def test_the_same_person_again_joins_the_open_lead(house: House) -> None:
    house.inquire(**DANA)
    house.inquire(name="Dana Ruiz", email="DANA.RUIZ@acme-pumps.example", message="Any news?")
    house.run()
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert lead.touches == 2
    assert house.breaches() == []


def test_a_lead_given_back_goes_to_a_colleague(house: House) -> None:
    house.inquire(**DANA)
    house.run()
    kim, ola = house.viewer("kim"), house.viewer("ola")
    (lead,) = worklist(kim, now=house.now).rows
    house.wait(minutes=10)
    commands.reject(kim, [lead.id], reason="not_my_area", now=house.now)
    house.run()
    assert worklist(kim, now=house.now).rows == []
    assert [row.id for row in worklist(ola, now=house.now).rows] == [lead.id]
    assert house.breaches() == []


def test_what_was_done_can_be_taken_back(house: House) -> None:
    house.inquire(**DANA)
    house.run()
    kim = house.viewer("kim")
    (before,) = worklist(kim, now=house.now).rows
    house.wait(minutes=1)
    done = commands.accept(kim, [before.id], now=house.now)
    assert rows([before.id])[before.id].stage is Stage.ACCEPTED
    assert done.undo_id is not None
    house.wait(seconds=5)
    commands.undo(kim, done.undo_id, now=house.now)
    after = rows([before.id])[before.id]
    assert (after.stage, after.due_at, after.owner_id) == (before.stage, before.due_at, before.owner_id)
    house.wait(seconds=5)
    commands.accept(kim, [before.id], now=house.now)
    assert house.breaches() == []


def test_who_can_never_buy_is_ruled_out_with_the_reason(house: House) -> None:
    house.inquire(**DANA | {"title": "Student", "message": "For my thesis."})
    house.run()
    (lead,) = listing(house.viewer("ines"), now=house.now).rows
    assert (lead.stage, lead.close_reason) == (Stage.DISQUALIFIED, "not_a_fit")
    assert house.breaches() == []


def test_what_can_not_be_read_waits_in_quarantine(house: House) -> None:
    house.inquire(note="no way to reach me")
    house.run()
    assert worklist(house.viewer("kim"), now=house.now).rows == []
    assert house.breaches() == []
