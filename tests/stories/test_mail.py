"""What comes by e-mail: a new inquiry, an answer that goes on with its lead, and machines that are no inquiries."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.agreement.queries import in_force
from leadloop.capture import services as capture
from leadloop.capture.contracts import Code
from leadloop.capture.queries import balance, inquiries, quarantined
from leadloop.capture.tests.letters import complaint, letter, report
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import open_of, promises, rows
from leadloop.ledger.contracts import by_user
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.loop.notices.reading import notices
from leadloop.nurture import services as nurture
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.outreach.queries import message
from leadloop.people.queries import people, reachable, with_address
from tests.stories.house import SETUP, House, open_mail

ACK = "template_key = 'acknowledgement'"


@pytest.fixture
def post(house: House) -> House:
    """The house with a portal for e-mail."""
    open_mail(house)
    return house


def arrive(house: House, *raw: Any) -> list[int]:
    """Mail comes in, and everything follows; returns the deliveries."""
    stored = house.post(*(one if isinstance(one, bytes) else one.as_bytes() for one in raw))
    house.run()
    return stored


def write(house: House, lead: LeadRow, **more: Any) -> tuple[int, str]:
    """We write to the person of a lead, and it goes out; returns the message and its Message-ID."""
    draft = Draft(
        occasion=f"story:{lead.id}:{house.now}",
        purpose=Purpose.TRANSACTIONAL,
        subject="Your pumps",
        text="When may we call?",
        person_id=lead.person_id,
        lead_id=lead.id,
        **more,
    )
    (message_id,) = outreach.queue([draft], actor=SETUP, now=house.now)
    assert message_id
    sent = "<m{0}.0123456789abcdef0123@alder-finch.example>"
    fetch(
        "update outreach_message set state = 'sent', sent_at = %s, begun_at = %s, message_id = %s, to_address = %s"
        " where id = %s returning id",
        [house.now, house.now, sent.format(message_id), people([lead.person_id])[lead.person_id].email, message_id],
    )
    return message_id, sent.format(message_id)


def dana(house: House) -> LeadRow:
    """Dana asked by e-mail, and has a lead."""
    arrive(house, letter(at=house.now))
    (lead,) = open_of(with_address("dana@acme.example"))
    return lead


def test_a_mail_from_a_stranger_is_a_new_inquiry(post: House) -> None:
    text = (
        "We need two pumps for Munich.\n\nBest regards\nDana Ruiz\nHead of Procurement\nAcme Pumps GmbH\n"
        "Tel. +49 89 1234567\n"
    )
    (delivery,) = arrive(post, letter(text, at=post.now))
    (lead,) = open_of(with_address("dana@acme.example"))
    who = people([lead.person_id])[lead.person_id]
    assert (who.name, who.title, who.company_name, who.phone) == (
        "Dana Ruiz",
        "Head of Procurement",
        "Acme Pumps GmbH",
        "+49 89 1234567",
    )
    (told,) = inquiries([lead.id])
    assert (told.id, told.message) == (delivery, "Two pumps\n\nWe need two pumps for Munich.")
    assert fetch(f"select count(*) from outreach_message where {ACK}") == [(1,)]
    assert (parked(), post.breaches()) == ([], [])


def test_the_same_mail_counts_once(post: House) -> None:
    one = letter(at=post.now)
    first = arrive(post, one)
    again = arrive(post, b"Received: from mx2.example\r\n" + one.as_bytes())
    assert (first, fetch("select count(*) from capture_submission")) == (again, [(1,)])


def test_an_answer_to_our_message_goes_on_with_its_lead_and_its_owner_hears_of_it(post: House) -> None:
    lead = dana(post)
    message_id, sent = write(post, lead)
    post.wait(hours=1)
    answer = "Tomorrow at ten is fine.\n\nOn Mon, 2 Mar 2026 at 10:00, Kim wrote:\n> When may we call?\n"
    arrive(post, letter(answer, subject="Re: Your pumps", answers=sent, at=post.now))
    assert [one.id for one in open_of([lead.person_id])] == [lead.id]
    newest = inquiries([lead.id])[0]
    assert (newest.message, newest.outcome) == ("Tomorrow at ten is fine.", "joined")
    assert rows([lead.id])[lead.id].touches == 2
    assert fetch("select payload ->> 'message_id' from ledger_event where kind = 'reply.received'") == [
        (str(message_id),)
    ]
    kinds = [one.kind for one in notices(rows([lead.id])[lead.id].owner_id)]
    assert "reply" in kinds
    assert fetch(f"select count(*) from outreach_message where {ACK}") == [(1,)]  # an answer is not thanked for
    assert "reply" in {one.kind for one in promises([lead.id])[lead.id]}
    assert (parked(), post.breaches()) == ([], [])


def test_a_colleague_who_answers_joins_the_same_lead(post: House) -> None:
    lead = dana(post)
    _, sent = write(post, lead)
    arrive(post, letter("I take over from Dana.", sender="Bo Lind <bo@acme.example>", answers=sent, at=post.now))
    (bo,) = with_address("bo@acme.example")
    assert open_of([bo]) == []
    assert {one.person_id for one in inquiries([lead.id])} == {lead.person_id, bo}
    assert post.breaches() == []


def test_whoever_has_an_open_lead_goes_on_with_it_whatever_the_subject(post: House) -> None:
    post.inquire(name="Dana Ruiz", email="dana@acme.example", interest="pumps", message="Pumps, please")
    post.run()
    (lead,) = open_of(with_address("dana@acme.example"))
    arrive(post, letter("One more question", subject="Delivery time?", at=post.now))
    assert [one.id for one in open_of([lead.person_id])] == [lead.id]
    newest = inquiries([lead.id])[0]
    assert (newest.interest_id, newest.programme_id) == (lead.interest_id, lead.programme_id)
    assert post.breaches() == []


def test_a_made_up_reference_leads_nowhere(post: House) -> None:
    lead = dana(post)
    message_id, _ = write(post, lead)
    forged = f"<m{message_id}.ffffffffffffffffffff@alder-finch.example>"
    arrive(post, letter("Hello", sender="Eve <eve@evil.example>", answers=forged, at=post.now))
    (eve,) = with_address("eve@evil.example")
    assert [one.id for one in open_of([eve])] != [lead.id]
    assert len(inquiries([lead.id])) == 1


def test_who_answers_gets_no_more_letters_of_a_journey(post: House) -> None:
    nurture.install_standard(owner_id=post.cast.user["tomas"], terms=in_force(), actor=SETUP, now=post.now)
    lead = dana(post)
    assert fetch("select state from nurture_enrolment where lead_id = %s", [lead.id]) == [("waiting",)]
    _, sent = write(post, lead)
    arrive(post, letter("No letters please, call me.", answers=sent, at=post.now))
    assert fetch("select state, reason from nurture_enrolment where lead_id = %s", [lead.id]) == [("left", "answered")]
    assert {one.kind for one in promises([lead.id])[lead.id] if one.state == "running"} >= {"reply"}
    assert (parked(), post.breaches()) == ([], [])


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({"Auto_Submitted": "auto-replied"}, Code.AUTOMATIC_REPLY),
        ({"Precedence": "auto_reply"}, Code.AUTOMATIC_REPLY),
        ({"X_Autoreply": "yes"}, Code.AUTOMATIC_REPLY),
        ({"subject": "Out of office: Two pumps"}, Code.AUTOMATIC_REPLY),
        ({"subject": "Automatische Antwort: Two pumps"}, Code.AUTOMATIC_REPLY),
        ({"Return_Path": "<>"}, Code.AUTOMATIC_REPLY),
        ({"Precedence": "bulk"}, Code.BULK_MAIL),
        ({"List_Id": "<news.acme.example>"}, Code.BULK_MAIL),
        ({"sender": "noreply@acme.example"}, Code.AUTOMATIC_MAIL),
        ({"sender": "Leadloop <leadloop@localhost.example>", "X_Loop": "yes"}, Code.MAIL_LOOP),
        ({"sender": "Kim Maurer <kim@alder-finch.example>"}, Code.OWN_MAIL),
    ],
)
def test_machines_are_set_aside_visibly_and_never_answered(post: House, headers: Any, code: Code) -> None:
    lead = dana(post)
    _, sent = write(post, lead)
    before = fetch("select count(*) from outreach_message")
    arrive(post, letter("I am back on Monday.", at=post.now, answers=sent, **headers))
    (held,) = quarantined(viewer=post.viewer("ada"))
    assert (held.code, len(inquiries([lead.id]))) == (code, 1)
    assert fetch("select count(*) from outreach_message") == before
    assert "reply.received" not in {kind for (kind,) in fetch("select kind from ledger_event")}
    (day,) = balance(first=post.now.date(), last=post.now.date())
    assert (day.received, day.new, day.quarantined, day.waiting) == (2, 1, 1, 0)


def test_what_was_set_aside_can_be_taken_for_an_inquiry_all_the_same(post: House) -> None:
    (held,) = arrive(post, letter(at=post.now, Precedence="bulk"))
    capture.replay([held], actor=by_user(post.cast.user["ada"]), now=post.now)
    post.run()
    assert len(open_of(with_address("dana@acme.example"))) == 1
    assert (quarantined(viewer=post.viewer("ada")), post.breaches()) == ([], [])


def test_a_hard_bounce_bars_the_address_and_can_be_taken_back(post: House) -> None:
    lead = dana(post)
    message_id, sent = write(post, lead)
    (held,) = arrive(post, report(sent, "dana@acme.example"))
    told = message(message_id)
    assert told
    assert told.came_back == "hard"
    assert reachable([lead.person_id], "email", "transactional")[lead.person_id].address is None
    assert quarantined(viewer=post.viewer("ada"))[0].code == Code.BOUNCE
    lifted = outreach.accept_again(capture.returned([held]), actor=by_user(post.cast.user["ada"]), now=post.now)
    assert lifted == 1
    assert reachable([lead.person_id], "email", "transactional")[lead.person_id].suppressed is False
    assert reachable([lead.person_id], "email", "transactional")[lead.person_id].address == "dana@acme.example"
    assert (parked(), post.breaches()) == ([], [])


@pytest.mark.parametrize(
    ("status", "action", "said", "kind"),
    [
        ("4.4.1", "delayed", "421 4.4.1 no answer from host", "soft"),
        ("5.2.2", "failed", "552 5.2.2 Mailbox full", "soft"),
        ("5.7.1", "failed", "550 5.7.1 Blocked by reputation", "blocked"),
        ("5.0.0", "failed", "550 rejected: sender is on a spam blacklist", "blocked"),
    ],
)
def test_what_passes_or_is_about_us_costs_no_address(
    post: House, status: str, action: str, said: str, kind: str
) -> None:
    lead = dana(post)
    message_id, sent = write(post, lead)
    arrive(post, report(sent, "dana@acme.example", status=status, action=action, said=said))
    told = message(message_id)
    assert told
    assert told.came_back == kind
    assert reachable([lead.person_id], "email", "marketing")[lead.person_id].suppressed is False


def test_a_complaint_bars_the_person_from_being_written_to(post: House) -> None:
    lead = dana(post)
    message_id, sent = write(post, lead)
    arrive(post, complaint(sent, "dana@acme.example"))
    told = message(message_id)
    assert told
    assert told.came_back == "complaint"
    assert reachable([lead.person_id], "email", "transactional")[lead.person_id].suppressed
    assert quarantined(viewer=post.viewer("ada"))[0].code == Code.COMPLAINT


def test_a_made_up_bounce_bars_nobody(post: House) -> None:
    lead = dana(post)
    arrive(post, report("<m1.ffffffffffffffffffff@alder-finch.example>", "dana@acme.example"))
    assert reachable([lead.person_id], "email", "transactional")[lead.person_id].suppressed is False
    assert quarantined(viewer=post.viewer("ada"))[0].code == Code.BOUNCE


def test_a_burst_of_mail_from_one_address_is_thanked_for_once(post: House) -> None:
    """Mail loops end here: however often somebody's machine writes, it gets one automatic answer a day."""
    for number in range(5):
        arrive(post, letter(f"Hello {number}", subject=f"Hello {number}", at=post.now))
        post.wait(minutes=5)
    assert fetch(f"select count(*) from outreach_message where {ACK}") == [(1,)]
    assert len(open_of(with_address("dana@acme.example"))) == 1
