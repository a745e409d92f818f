"""Deals from the first estimate to the money: opened, changed, won, lost, taken back, corrected."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import IntegrityError, transaction

from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import Stage
from leadloop.leads.tests.world import facts, owed, row
from leadloop.ledger.models import Event
from leadloop.people.services import forget
from leadloop.platform.models import User
from leadloop.selling import queries, services
from leadloop.selling.contracts import Fate, State
from leadloop.selling.models import Opportunity, OpportunityLead
from leadloop.selling.tests.desk import CALL, JUNE, NOTE, Desk, counted, line


def told(opportunity_id: int) -> list[Event]:
    return list(Event.objects.filter(opportunity_id=opportunity_id, kind__startswith="opportunity").order_by("id"))


def test_a_deal_brings_its_leads_along_and_promises_the_next_step(desk: Desk) -> None:
    buyer, user = desk.leads_in(Stage.WORKING, ["kim", "kim"])

    deal = desk.deal(buyer.id, user.id, primary=user.id)

    found = desk.look(deal)
    assert (found.row.minor, found.row.currency, found.row.state) == (100_000, "EUR", State.OPEN)
    assert (found.row.stage, found.row.owner_id, found.row.person_id) == ("contacted", desk.user("kim"), user.person_id)
    assert [(link.lead_id, link.is_primary) for link in found.leads] == [(user.id, True), (buyer.id, False)]
    for lead in (buyer, user):
        assert row(lead.id).stage is Stage.OPPORTUNITY
        step = owed(lead.id)["next_step"]
        assert (step.note, step.due_at) == ("Send the drawing", desk.in_hours(48))
    (opened,) = told(deal)
    assert (opened.kind, opened.lead_id, opened.amount, opened.currency) == (
        "opportunity.opened",
        user.id,
        100_000,
        "EUR",
    )
    assert opened.payload["lead_ids"] == [buyer.id, user.id]


def test_a_lead_may_have_several_deals(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    first, second = desk.deal(lead.id), desk.deal(lead.id, name="Spare parts")
    assert [deal.id for deal in queries.opportunities_of([lead.id])[lead.id]] == [second, first]


def test_a_lead_that_was_never_handed_over_needs_a_reason_to_skip(desk: Desk) -> None:
    lead = desk.lead_in(Stage.INQUIRY)
    with pytest.raises(Refused):
        desk.deal(lead.id)
    assert Opportunity.objects.count() == 0

    desk.deal(lead.id, skip_reason="called_ahead", owner_id=desk.user("kim"))
    assert row(lead.id).exception_code == "called_ahead"


@pytest.mark.parametrize(
    ("more", "field"),
    [
        ({"name": " "}, "name"),
        ({"next_step": ""}, "next_step"),
        ({"amount": -1}, "amount"),
        ({"amount": None}, "amount"),
        ({"lines": [line("1", 100)], "amount": 5}, "amount"),
        ({"currency": "XXX"}, "currency"),
        ({"close_on": date(2026, 3, 1)}, "close_on"),
        ({"primary": 10**9}, "primary"),
        ({"lines": [line("1", 100, product_id=10**9)]}, "product_id"),
        ({"lines": [line("0", 100)]}, "quantity"),
    ],
)
def test_what_a_deal_lacks_is_named(desk: Desk, more: dict[str, Any], field: str) -> None:
    lead = desk.lead_in(Stage.WORKING)
    with pytest.raises(Invalid) as no:
        desk.deal(lead.id, **more)
    assert no.value.field == field
    assert no.value.mend
    assert Opportunity.objects.count() == 0


def test_the_next_step_lies_ahead_and_the_owner_works_here(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    with pytest.raises(Invalid) as no:
        desk.deal(lead.id, next_step_at=desk.now)
    assert no.value.field == "next_step_at"
    User.objects.filter(id=desk.user("ola")).update(is_active=False)
    with pytest.raises(Refused) as gone:
        desk.deal(lead.id, owner_id=desk.user("ola"))
    assert gone.value.field == "owner_id"
    with pytest.raises(NotFound):
        desk.deal(lead.id, 10**9)


def test_imported_history_may_have_no_lead_but_never_no_owner(desk: Desk) -> None:
    with pytest.raises(Invalid) as no:
        desk.deal()
    assert no.value.field == "owner_id"
    deal = desk.deal(owner_id=desk.user("kim"))
    assert services.win(deal, **desk.acting) == 100_000
    assert told(deal)[-1].lead_id is None


def test_lines_say_what_a_deal_is_worth(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id, lines=[line("3", 90_000), line("3", 2_500, 24)])
    found = desk.look(deal)
    assert (found.row.minor, found.tcv, found.acv) == (450_000, 450_000, 90_000)

    (added,) = services.add_lines(deal, lines=[line("0.5", 333)], **desk.kim)
    assert desk.look(deal).row.minor == 450_166
    services.change_line(deal, line_id=added, line=line("1", 500), **desk.kim)
    assert desk.look(deal).row.minor == 450_500
    assert services.remove_lines(deal, line_ids=[added], **desk.kim) == 1
    assert desk.look(deal).row.minor == 450_000
    assert [fact.amount for fact in told(deal)] == [450_000, 166, 334, -500]


def test_the_first_line_takes_the_place_of_an_estimate(desk: Desk) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id, amount=70_000)
    assert desk.look(deal).tcv == 70_000
    ids = services.add_lines(deal, lines=[line("1", 90_000)], **desk.kim)
    assert desk.look(deal).row.minor == 90_000
    with pytest.raises(Refused) as no:
        services.change(deal, changes={"amount": 1}, **desk.kim)
    assert no.value.field == "amount"
    services.remove_lines(deal, line_ids=ids, **desk.kim)
    assert services.change(deal, changes={"amount": 5}, **desk.kim) == ["amount"]


def test_a_line_of_another_deal_is_not_found(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    mine, other = desk.deal(lead.id), desk.deal(lead.id)
    (foreign,) = services.add_lines(other, lines=[line("1", 90_000)], **desk.kim)
    with pytest.raises(NotFound):
        services.change_line(mine, line_id=foreign, line=line("1", 1), **desk.kim)
    assert services.remove_lines(mine, line_ids=[foreign], **desk.kim) == 0


def test_what_changes_is_told_in_codes_with_old_and_new(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    desk.later(hours=1)
    wanted = {
        "amount": 120_000,
        "close_on": JUNE + timedelta(days=30),
        "owner_id": desk.user("sam"),
        "next_step": "Ask Dana for the order",
        "name": "Pumps for the new line",
    }

    changed = services.change(deal, changes=wanted, **desk.kim)

    assert changed == ["amount", "close_on", "next_step", "owner_id"]
    found = desk.look(deal).row
    assert (found.minor, found.pushed, found.owner_id) == (120_000, 1, desk.user("sam"))
    assert found.team_id == desk.cast.team["world"]
    fact = told(deal)[-1]
    assert fact.payload["changes"] == {
        "amount": ["100000", "120000"],
        "close_on": ["2026-06-30", "2026-07-30"],
        "next_step": [],
        "owner_id": [str(desk.user("kim")), str(desk.user("sam"))],
    }
    assert (fact.amount, fact.currency) == (20_000, "EUR")
    assert owed(lead.id)["next_step"].note == "Ask Dana for the order"


def test_bringing_the_closing_date_forward_is_not_pushing_and_nothing_new_is_no_fact(desk: Desk) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    services.change(deal, changes={"close_on": JUNE - timedelta(days=1)}, **desk.kim)
    assert desk.look(deal).row.pushed == 0
    assert services.change(deal, changes={"close_on": JUNE - timedelta(days=1)}, **desk.kim) == []
    assert len(told(deal)) == 2


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"colour": "red"}, "colour"),
        ({"amount": -1}, "amount"),
        ({"amount": 1.5}, "amount"),
        ({"close_on": date(2026, 3, 1)}, "close_on"),
        ({"close_on": "tomorrow"}, "close_on"),
        ({"next_step": " "}, "next_step"),
        ({"next_step_at": None}, "next_step_at"),
        ({"owner_id": None}, "owner_id"),
    ],
)
def test_a_change_that_cannot_be_is_named(desk: Desk, changes: dict[str, Any], field: str) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    with pytest.raises(Invalid) as no:
        services.change(deal, changes=changes, **desk.kim)
    assert no.value.field == field


def test_a_win_closes_every_lead_and_counts_at_the_rate_of_the_closing_day(desk: Desk) -> None:
    desk.rate("USD", date(2026, 1, 1), "0.90")
    desk.rate("USD", date(2026, 2, 20), "0.80")
    buyer, user = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    deal = desk.deal(buyer.id, user.id, currency="USD")

    base = services.win(deal, closed_on=date(2026, 2, 10), **desk.acting)

    assert base == 90_000
    found = desk.look(deal).row
    assert (found.state, found.base_minor, found.close_reason) == (State.WON, 90_000, "bought")
    assert {row(lead.id).stage for lead in (buyer, user)} == {Stage.WON}
    fact = told(deal)[-1]
    assert (fact.kind, fact.amount, fact.currency, fact.base_amount) == ("opportunity.won", 100_000, "USD", 90_000)
    assert fact.payload == {"lead_ids": [buyer.id, user.id], "closed_on": "2026-02-10"}
    assert fact.happened_at.date() == date(2026, 2, 10)
    assert facts(buyer.id, "lead.moved")[-1][1]["reason"] == "bought"


def test_without_a_rate_nothing_is_won_and_the_error_says_which(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id, currency="USD")
    with pytest.raises(Invalid) as no:
        services.win(deal, **desk.acting)
    assert "USD" in no.value.problem
    assert "2026-03-02" in no.value.problem
    assert no.value.mend
    assert row(lead.id).stage is Stage.OPPORTUNITY
    assert desk.look(deal).row.state is State.OPEN


def test_a_day_to_come_closes_nothing(desk: Desk) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    with pytest.raises(Invalid) as no:
        services.win(deal, closed_on=date(2026, 3, 3), **desk.acting)
    assert no.value.field == "closed_on"


def test_a_lead_that_was_put_aside_meanwhile_is_won_too(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    desk.move(lead.id, Stage.NURTURING, reason="not_now")

    services.win(deal, **desk.acting)

    assert (row(lead.id).stage, row(lead.id).exception_code) == (Stage.WON, "called_ahead")


def test_a_lead_is_won_once_and_its_second_deal_goes_on(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    first, second = desk.deal(lead.id), desk.deal(lead.id)
    services.win(first, **desk.acting)
    assert services.win(second, **desk.acting) == 100_000
    assert told(second)[-1].payload["lead_ids"] == []
    assert row(lead.id).stage is Stage.WON


def test_losing_asks_for_every_lead_and_recycled_ones_are_looked_at_again(desk: Desk) -> None:
    buyer, user = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    deal = desk.deal(buyer.id, user.id)
    with pytest.raises(Invalid) as no:
        services.lose(deal, reason="not_now", outcomes={buyer.id: "lost"}, **desk.acting)
    assert (no.value.field, str(user.id) in no.value.problem) == ("outcomes", True)

    services.lose(deal, reason="not_now", outcomes={buyer.id: "lost", user.id: Fate.RECYCLED}, **desk.acting)

    assert (row(buyer.id).stage, row(buyer.id).close_reason) == (Stage.LOST, "not_now")
    assert (row(user.id).stage, row(user.id).recycled) == (Stage.NURTURING, 1)
    assert owed(user.id)["wake"].due_at == desk.now + timedelta(days=90)
    found = desk.look(deal).row
    assert (found.state, found.close_reason, found.base_minor) == (State.LOST, "not_now", None)
    fact = told(deal)[-1]
    assert fact.payload["outcomes"] == {str(buyer.id): "lost", str(user.id): "recycled"}
    assert (fact.reason, fact.amount) == ("not_now", 100_000)


def test_a_recycled_lead_may_be_given_its_own_day(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    at = desk.in_hours(24 * 200)
    services.lose(deal, reason="price", outcomes={lead.id: "recycled"}, wake_at=at, **desk.acting)
    assert owed(lead.id)["wake"].due_at == at


@pytest.mark.parametrize(
    ("reason", "fate", "field"), [("junk", "lost", "reason"), ("", "lost", "reason"), ("price", "gone", "outcomes")]
)
def test_a_loss_has_a_coded_reason_and_a_known_fate(desk: Desk, reason: str, fate: str, field: str) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    with pytest.raises(Invalid) as no:
        services.lose(deal, reason=reason, outcomes={lead.id: fate}, **desk.acting)
    assert no.value.field == field


def test_a_stranger_is_no_lead_of_the_deal(desk: Desk) -> None:
    lead, other = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    deal = desk.deal(lead.id)
    with pytest.raises(Invalid) as no:
        services.lose(deal, reason="price", outcomes={lead.id: "lost", other.id: "lost"}, **desk.acting)
    assert str(other.id) in no.value.problem


def test_a_lead_that_is_closed_already_stays_closed(desk: Desk) -> None:
    lead, other = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    deal = desk.deal(lead.id, other.id)
    desk.move(other.id, Stage.DISQUALIFIED, reason="junk")
    services.lose(deal, reason="price", outcomes={lead.id: "lost", other.id: "lost"}, **desk.acting)
    assert (row(other.id).stage, row(lead.id).stage) == (Stage.DISQUALIFIED, Stage.LOST)


def test_a_lead_with_another_deal_stays_with_that_one(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    lost, again, kept = desk.deal(lead.id), desk.deal(lead.id), desk.deal(lead.id)
    services.lose(lost, reason="price", outcomes={}, **desk.acting)
    services.lose(again, reason="price", outcomes={lead.id: "lost"}, **desk.acting)
    assert told(again)[-1].payload["outcomes"] == {}
    assert row(lead.id).stage is Stage.OPPORTUNITY
    with pytest.raises(Invalid):
        services.lose(kept, reason="price", outcomes={}, **desk.acting)


def test_what_was_closed_is_taken_back_with_its_money(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    before, deal_before = row(lead.id), desk.look(deal)
    taken = leads.snapshot([lead.id])
    services.win(deal, **desk.acting)
    undo = leads.stamped(taken)

    services.reopen(deal, **desk.kim)
    assert leads.restore(undo, verb="win", **desk.kim) == []

    assert (row(lead.id), desk.look(deal)) == (before, deal_before)
    fact = told(deal)[-1]
    assert (fact.kind, fact.payload["before"], fact.base_amount) == ("opportunity.reopened", "won", -100_000)
    with pytest.raises(Refused):
        services.reopen(deal, **desk.kim)


def test_a_correction_after_the_win_tells_the_difference(desk: Desk) -> None:
    desk.rate("USD", date(2026, 1, 1), "0.90")
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id, currency="USD", lines=[line("1", 100_000)])
    with pytest.raises(Refused):
        services.correct_win(deal, delta=-1, reason="refund", **desk.kim)
    services.win(deal, **desk.acting)
    desk.rate("USD", date(2026, 3, 3), "0.50")
    desk.later(days=2)

    assert services.correct_win(deal, delta=-25_000, reason="refund", **desk.kim) == 67_500

    fact = told(deal)[-1]
    assert (fact.kind, fact.amount, fact.base_amount, fact.reason) == (
        "opportunity.changed",
        -25_000,
        -22_500,
        "refund",
    )
    assert [(one.name, one.unit_minor) for one in desk.look(deal).lines][-1] == ("Correction", -25_000)
    for delta, field in ((0, "delta"), (-75_001, "delta")):
        with pytest.raises(Invalid) as no:
            services.correct_win(deal, delta=delta, reason="refund", **desk.kim)
        assert no.value.field == field


@pytest.mark.parametrize("verb", ["win", "lose", "change", "move_stage", "add_lines"])
def test_a_closed_deal_stays_as_it_was(desk: Desk, verb: str) -> None:
    deal = desk.deal(desk.lead_in(Stage.WORKING).id)
    services.win(deal, **desk.acting)
    again = {
        "win": lambda: services.win(deal, **desk.acting),
        "lose": lambda: services.lose(deal, reason="price", outcomes={}, **desk.acting),
        "change": lambda: services.change(deal, changes={"amount": 1}, **desk.kim),
        "move_stage": lambda: services.move_stage(deal, stage_key="proposal", **desk.kim),
        "add_lines": lambda: services.add_lines(deal, lines=[line("1", 1)], **desk.kim),
    }[verb]
    with pytest.raises(Refused) as no:
        again()
    assert "won" in no.value.problem


def test_further_people_of_the_firm_join_a_deal(desk: Desk) -> None:
    lead, other = desk.leads_in(Stage.WORKING, ["kim", "ola"])
    deal = desk.deal(lead.id)

    assert services.link_leads(deal, lead_ids=[lead.id, other.id], **desk.acting) == [other.id]

    assert row(other.id).stage is Stage.OPPORTUNITY
    step = owed(other.id)["next_step"]
    assert (step.note, step.owner_id) == ("Send the drawing", desk.user("ola"))
    assert [(link.lead_id, link.is_primary) for link in desk.look(deal).leads] == [(lead.id, True), (other.id, False)]
    assert services.link_leads(deal, lead_ids=[other.id], **desk.acting) == []


def test_an_imported_deal_gets_its_primary_lead_later(desk: Desk) -> None:
    deal, lead = desk.deal(owner_id=desk.user("kim")), desk.lead_in(Stage.WORKING)
    services.link_leads(deal, lead_ids=[lead.id], **desk.acting)
    assert [link.is_primary for link in desk.look(deal).leads] == [True]


def test_a_leaver_hands_all_deals_over(desk: Desk) -> None:
    mine = [desk.deal(lead.id) for lead in desk.leads_in(Stage.WORKING, ["kim", "kim"])]
    closed = desk.deal(desk.lead_in(Stage.WORKING).id)
    services.win(closed, **desk.acting)
    kim, sam = desk.user("kim"), desk.user("sam")
    assert queries.open_count_by_owner([kim, sam]) == {kim: 2, sam: 0}

    assert services.hand_over_all(kim, sam, **desk.kim) == 2

    assert queries.open_count_by_owner([kim, sam]) == {kim: 0, sam: 2}
    assert {queries.rows(mine)[deal].team_id for deal in mine} == {desk.cast.team["world"]}
    assert queries.rows([closed])[closed].owner_id == kim


def test_the_database_itself_holds_the_promises_of_a_deal(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    for wrong in (
        {"next_step_at": None},
        {"minor": -1},
        {"state": "won", "closed_at": desk.now, "close_reason": "bought"},
        {"state": "lost", "closed_at": desk.now},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Opportunity.objects.filter(id=deal).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        OpportunityLead.objects.create(opportunity_id=deal, lead_id=lead.id + 1, is_primary=True)


def test_erasing_a_person_empties_what_was_written_about_them_and_keeps_what_is_counted(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id, name="Pumps for Dana Ruiz", next_step="Ask Dana")
    desk.log(lead.id, CALL, "talked", note="Dana is on leave", next_step_note="Ask Dana again")
    desk.log(lead.id, NOTE, note="Dana likes green")

    forget(person_id=lead.person_id, **desk.kim)

    assert "Dana" not in str(desk.look(deal))
    assert "Dana" not in str(queries.activities([lead.id]))
    assert len(queries.activities([lead.id])[lead.id]) == 2
    assert desk.look(deal).row.minor == 100_000


@pytest.mark.parametrize("verb", ["win", "lose"])
def test_closing_a_deal_of_many_leads_takes_no_more_queries_than_one_of_one(desk: Desk, verb: str) -> None:
    one, *many = desk.leads_in(Stage.WORKING, ["kim"] * 40)
    deals = [(desk.deal(one.id), [one]), (desk.deal(*(lead.id for lead in many)), many)]

    def close(deal: int, linked: list[Any]) -> None:
        if verb == "win":
            services.win(deal, **desk.acting)
        else:
            services.lose(deal, reason="price", outcomes={lead.id: "lost" for lead in linked}, **desk.acting)

    few, more = (counted(lambda pair=pair: close(*pair)) for pair in deals)
    assert few == more


def test_opening_a_deal_on_many_leads_takes_no_more_queries_than_on_one(desk: Desk) -> None:
    one, *many = desk.leads_in(Stage.WORKING, ["kim"] * 40)
    assert counted(lambda: desk.deal(one.id)) == counted(lambda: desk.deal(*(lead.id for lead in many)))


def test_a_deal_is_read_in_three_queries_and_the_deals_of_any_leads_in_one(desk: Desk) -> None:
    standing = desk.leads_in(Stage.WORKING, ["kim"] * 5)
    deals = [desk.deal(lead.id, lines=[line("1", 5)]) for lead in standing]
    viewer = desk.viewer("kim")
    assert counted(lambda: queries.opportunity(viewer, deals[0])) == 3
    assert counted(lambda: queries.opportunities_of([lead.id for lead in standing])) == 1
