"""Kim works leads: what a logged call, mail or meeting brings about."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.leads import services as leads
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import promises
from leadloop.leads.tests.world import facts, owed, row, settled
from leadloop.ledger.contracts import by_system
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.queries import suppressed
from leadloop.people.services import fill_in
from leadloop.selling import queries, services
from leadloop.selling.tests.desk import CALL, MAIL, MEETING, NOTE, SOCIAL, Desk, counted


def test_a_talk_keeps_the_answer_and_the_first_contact_and_brings_the_lead_into_contact(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)
    desk.later(hours=1)

    logged = desk.log(lead.id, CALL, "talked", next_step_note="Send the drawing")

    assert (logged.contacted, logged.moved) == (True, True)
    assert row(lead.id).stage is Stage.WORKING
    kept = {one.kind: one.evidence for one in promises([lead.id])[lead.id] if one.state == "kept"}
    assert kept["reply"] == kept["contact"] == f"activity:{logged.activity_id}"
    promised = owed(lead.id)
    assert promised.keys() == {"next_step"}
    assert (promised["next_step"].note, promised["next_step"].due_at) == ("Send the drawing", desk.in_hours(24))
    assert promised["next_step"].owner_id == desk.user("kim")


def test_a_voicemail_is_no_contact_and_says_when_to_try_again(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)

    logged = desk.log(lead.id, CALL, "voicemail")

    assert (logged.contacted, logged.moved) == (False, False)
    assert row(lead.id).stage is Stage.ACCEPTED
    assert owed(lead.id).keys() == {"reply", "contact", "next_step"}


def test_doing_the_next_step_keeps_it_and_promises_another(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    first = desk.log(lead.id, CALL, "talked", next_step_note="Send the drawing")
    desk.later(hours=5)

    second = desk.log(lead.id, MAIL, "sent", next_step_note="Ask what they think")

    steps = [one for one in promises([lead.id])[lead.id] if one.kind == "next_step"]
    assert [(one.state, one.note) for one in steps] == [
        ("running", "Ask what they think"),
        ("kept", "Send the drawing"),
        ("kept", ""),
    ]
    assert [one.evidence for one in steps[1:]] == [f"activity:{second.activity_id}", f"activity:{first.activity_id}"]


def test_several_attempts_before_acceptance_leave_one_next_step(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)
    for _ in range(3):
        desk.later(hours=1)
        desk.log(lead.id, CALL, "no_answer")
    desk.later(hours=1)

    desk.log(lead.id, CALL, "talked")

    assert row(lead.id).stage is Stage.WORKING
    assert owed(lead.id).keys() == {"next_step"}


def test_nobody_works_a_lead_that_waits_to_be_accepted(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ASSIGNED)

    with pytest.raises(Refused) as no:
        desk.log(lead.id, CALL, "talked")

    assert (no.value.field, no.value.mend) == ("lead_id", "Accept the lead first, then log what you did")
    assert queries.activities([lead.id]) == {lead.id: []}
    desk.log(lead.id, NOTE, note="Met them at the fair")


@pytest.mark.parametrize("stage", [Stage.INQUIRY, Stage.QUALIFIED])
def test_inside_sales_calls_before_anything_is_handed_over(desk: Desk, stage: Stage) -> None:
    lead = desk.lead_in(stage)
    activity = desk.activity(lead.id, CALL, "talked", next_step_at=None, next_step_note="")

    services.log([activity], terms=desk.terms, actor=desk.by("mira"), now=desk.now)

    assert row(lead.id).stage is stage
    assert "reply" not in owed(lead.id)
    assert settled(lead.id)["reply"] == "kept"
    assert "qualify" in owed(lead.id)


def test_a_note_asks_for_nothing_and_keeps_nothing(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    before = owed(lead.id)

    desk.log(lead.id, NOTE, note="Their budget is cut in May")

    assert owed(lead.id) == before
    (noted,) = queries.activities([lead.id])[lead.id]
    assert (noted.kind, noted.outcome, noted.note) == (NOTE, "", "Their budget is cut in May")


def test_who_ends_a_lead_in_the_same_act_owes_no_next_step(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)

    logged = desk.log(lead.id, CALL, "talked", leaves=True, next_step_at=None)
    desk.move(lead.id, Stage.DISQUALIFIED, reason="no_need")

    assert not logged.moved
    assert settled(lead.id)["contact"] == "kept"
    assert owed(lead.id) == {}


def test_a_missing_next_step_stops_the_whole_batch(desk: Desk) -> None:
    first, second = desk.leads_in(Stage.WORKING, ["kim", "kim"])
    good = desk.activity(first.id, CALL, "talked")
    bad = desk.activity(second.id, CALL, "talked", next_step_at=None)

    with pytest.raises(Invalid) as no:
        services.log([good, bad], **desk.acting)

    assert no.value.field == "next_step_at"
    assert "next" in no.value.mend
    assert queries.activities([first.id, second.id]) == {first.id: [], second.id: []}
    assert facts(first.id, "activity.logged") == []


def test_an_unknown_lead_and_an_unknown_user_are_named(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    with pytest.raises(NotFound):
        desk.log(lead.id + 1000, CALL, "talked")
    with pytest.raises(Invalid) as no:
        services.log([desk.activity(lead.id, CALL, "talked")], **{**desk.acting, "actor": by_system("import")})
    assert no.value.field == "user_id"
    with pytest.raises(Invalid):
        desk.log(lead.id, CALL, "talked", user_id=10**9)


def test_the_fact_says_who_did_what_with_which_outcome_and_no_words(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    desk.later(hours=3)
    at = desk.now - timedelta(hours=2)

    logged = desk.log(lead.id, MEETING, "held", note="Dana wants three of them", happened_at=at, minutes=45)

    ((_, told),) = facts(lead.id, "activity.logged")
    assert (told["activity"], told["outcome"], told["contacted"]) == ("meeting", "held", True)
    assert (told["activity_id"], told["user_id"], told["version"]) == (logged.activity_id, desk.user("kim"), 1)
    assert "Dana" not in str(told)
    (done,) = queries.activities([lead.id])[lead.id]
    assert (done.happened_at, done.minutes) == (at, 45)


def test_who_does_not_want_calls_is_not_called_again(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    phone = ContactValue("+49 30 901820", "+4930901820")
    person = NewPerson(ref=1, phones=(phone,))
    fill_in([(lead.person_id, person)], actor=desk.by("kim"), now=desk.now, source="test")

    desk.log(lead.id, CALL, "do_not_call", next_step_note="Write instead")

    assert suppressed([phone.norm], "call", "marketing") == {phone.norm}
    assert suppressed([phone.norm], "call", "transactional") == {phone.norm}


def test_what_is_done_on_a_lead_with_a_deal_counts_for_the_deal_and_sets_its_next_step(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id)
    desk.later(hours=1)

    logged = desk.log(lead.id, SOCIAL, "messaged", next_step_note="Ask for the order")

    assert logged.opportunity_id == deal
    found = desk.look(deal).row
    assert (found.next_step, found.next_step_at) == ("Ask for the order", desk.in_hours(24))
    assert owed(lead.id)["next_step"].note == "Ask for the order"
    (card,) = desk.cards("contacted")
    assert card.last_activity_at == desk.now


def test_taking_a_log_back_puts_everything_where_it_stood(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)
    before, promised = row(lead.id), owed(lead.id)
    taken = leads.snapshot([lead.id])
    logged = desk.log(lead.id, CALL, "talked")
    undo = leads.stamped(taken)
    desk.later(minutes=1)

    assert services.undo_log([logged.activity_id], **desk.kim) == [logged.activity_id]
    assert leads.restore(undo, verb="log", **desk.kim) == []

    assert row(lead.id) == before
    assert owed(lead.id) == promised
    assert queries.activities([lead.id]) == {lead.id: []}
    ((_, told),) = facts(lead.id, "activity.undone")
    assert told["activity_id"] == logged.activity_id
    assert services.undo_log([logged.activity_id], **desk.kim) == []


def test_taking_a_log_back_gives_the_deal_its_next_step_again_unless_it_was_changed(desk: Desk) -> None:
    lead = desk.lead_in(Stage.WORKING)
    deal = desk.deal(lead.id, next_step="Send the drawing")
    before = desk.look(deal).row
    logged = desk.log(lead.id, CALL, "talked", next_step_note="Call the boss")

    services.undo_log([logged.activity_id], **desk.kim)
    assert desk.look(deal).row == before

    again = desk.log(lead.id, CALL, "talked", next_step_note="Call the boss")
    services.change(deal, changes={"next_step": "Call the secretary"}, **desk.kim)
    services.undo_log([again.activity_id], **desk.kim)
    assert desk.look(deal).row.next_step == "Call the secretary"


def test_several_activities_of_one_lead_at_once_count_in_their_order(desk: Desk) -> None:
    lead = desk.lead_in(Stage.ACCEPTED)
    batch = [
        desk.activity(lead.id, CALL, "no_answer", next_step_note="First"),
        desk.activity(lead.id, CALL, "talked", next_step_note="Second"),
        desk.activity(lead.id, NOTE, note="Nice person"),
    ]

    done = services.log(batch, **desk.acting)

    assert [one.activity_id for one in done] == sorted(one.activity_id for one in done)
    by_id = {one.id: one for one in queries.activities([lead.id])[lead.id]}
    assert [by_id[one.activity_id].outcome for one in done] == ["no_answer", "talked", ""]
    assert owed(lead.id)["next_step"].note == "Second"


@pytest.mark.parametrize(("kind", "outcome"), [(CALL, "talked"), (CALL, "do_not_call"), (MAIL, "bounced")])
def test_five_hundred_take_no_more_queries_than_one(desk: Desk, kind: Any, outcome: str) -> None:
    one, *many = desk.leads_in(Stage.ACCEPTED, ["kim"] * 501)

    few = counted(lambda: desk.log(one.id, kind, outcome))
    batch = [desk.activity(lead.id, kind, outcome) for lead in many]
    assert counted(lambda: services.log(batch, **desk.acting)) == few


def test_reading_activities_is_one_query(desk: Desk) -> None:
    standing = desk.leads_in(Stage.WORKING, ["kim"] * 5)
    services.log([desk.activity(lead.id, CALL, "talked") for lead in standing], **desk.acting)
    assert counted(lambda: queries.activities([lead.id for lead in standing])) == 1
