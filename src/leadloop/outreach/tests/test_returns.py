"""What comes back of messages: the gravest report stands, only our own messages count, and it can be taken back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.ledger.models import Event
from leadloop.outreach import services
from leadloop.outreach.contracts import Return, Returned
from leadloop.outreach.models import Message
from leadloop.outreach.queries import answered
from leadloop.outreach.rules.returns import class_of, graver
from leadloop.outreach.tests.post import BY, draft, person, put
from leadloop.people import services as people
from leadloop.people.contracts import Channel, Suppress
from leadloop.people.queries import reachable
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


def sent(email: str = "ana@acme.example", *, at: Any = MONDAY) -> tuple[int, str, int]:
    """A message that went out: its id, its Message-ID, and whom it went to."""
    who = person(email)
    (message_id,) = put(draft(who, lead_id=5), now=at)
    named = f"<m{message_id}.{'a' * 20}@us.example>"
    Message.objects.filter(id=message_id).update(
        state="sent", sent_at=at, begun_at=at, to_address=email, message_id=named
    )
    return message_id, named, who


def note(*reports: Returned) -> int:
    return services.note_returns(reports, **BY)


def came_back(message_id: int) -> str:
    return Message.objects.get(id=message_id).came_back


def barred(who: int) -> bool:
    reach = reachable([who], "email", "transactional")[who]
    return reach.address is None or reach.suppressed


@pytest.mark.parametrize(
    ("status", "words", "more", "kind"),
    [
        ("5.1.1", "user unknown", {}, Return.HARD),
        ("", "550 user unknown", {}, Return.HARD),
        ("5.0.0", "no such user here", {}, Return.HARD),
        ("", "your message could not be delivered", {}, Return.HARD),
        ("", "your message could not be delivered", {"permanent": False}, Return.SOFT),
        ("4.4.7", "expired", {}, Return.SOFT),
        ("5.1.1", "", {"delayed": True}, Return.SOFT),
        ("5.2.2", "mailbox full", {}, Return.SOFT),
        ("", "quota exceeded", {}, Return.SOFT),
        ("5.4.6", "routing loop", {}, Return.SOFT),
        ("5.7.1", "user unknown", {}, Return.BLOCKED),
        ("5.7.26", "unauthenticated", {}, Return.BLOCKED),
        ("", "blocked by spamhaus: user unknown", {}, Return.BLOCKED),
        ("5.1.8", "bad sender address", {}, Return.HARD),
    ],
)
def test_each_class_is_told_by_its_code_before_its_words(
    status: str, words: str, more: dict[str, bool], kind: Return
) -> None:
    assert class_of(status, words, **more) is kind


def test_a_worse_report_stands_and_a_milder_one_changes_nothing() -> None:
    message_id, named, who = sent()
    assert note(Returned(kind=Return.SOFT, message_id=named)) == 1
    assert (came_back(message_id), barred(who)) == ("soft", False)
    assert note(Returned(kind=Return.HARD, message_id=named, status="5.1.1")) == 1
    assert (came_back(message_id), barred(who)) == ("hard", True)
    assert note(Returned(kind=Return.SOFT, message_id=named), Returned(kind=Return.HARD, message_id=named)) == 0
    told = Event.objects.filter(kind="message.returned").order_by("id")
    assert [(one.reason, one.person_id, one.lead_id) for one in told] == [("soft", who, 5), ("hard", who, 5)]
    assert graver("", Return.SOFT)
    assert not graver("complaint", Return.HARD)


def test_a_report_without_its_message_is_about_the_last_that_went_there() -> None:
    old, _, who = sent(at=MONDAY - timedelta(days=20))
    (new,) = put(draft(who), now=MONDAY - timedelta(days=1))
    Message.objects.filter(id=new).update(
        state="sent",
        sent_at=MONDAY,
        begun_at=MONDAY,
        to_address="Ana@acme.example",
        message_id=f"<m{new}.b@us.example>",
    )
    assert note(Returned(kind=Return.HARD, recipients=("ana@acme.example",))) == 1
    assert (came_back(old), came_back(new)) == ("", "hard")


def test_what_we_did_not_send_bars_nobody() -> None:
    message_id, named, who = sent(at=MONDAY - timedelta(days=20))
    guessed = named.replace("aaa", "bbb")
    stranger = person("ben@acme.example")
    assert note(Returned(kind=Return.HARD, message_id=guessed, recipients=("ana@acme.example",))) == 0
    assert note(Returned(kind=Return.HARD, recipients=("ben@acme.example", "nobody@acme.example"))) == 0
    assert (came_back(message_id), barred(who), barred(stranger)) == ("", False, False)
    assert answered([guessed, "<x@y>", named]).keys() == {named}


def test_taking_it_back_leaves_what_stands_for_another_reason() -> None:
    _, named, who = sent()
    gone = Returned(kind=Return.HARD, message_id=named)
    note(gone)
    assert services.accept_again([gone], **BY) == 1
    assert not barred(who)
    assert services.accept_again([gone], **BY) == 0
    people.suppress([Suppress(channel=Channel.EMAIL, norm="ana@acme.example", reason="unsubscribed")], **BY)
    assert services.accept_again([gone], **BY) == 0
    assert barred(who)
    assert Event.objects.filter(kind="address.lifted").count() == 1


def test_any_number_of_reports_takes_the_same_queries() -> None:
    counts = []
    for wanted in (1, 40):
        reports = [
            Returned(kind=Return.HARD, message_id=sent(f"n{wanted}-{number}@acme.example")[1])
            for number in range(wanted)
        ]
        with CaptureQueriesContext(connection) as caught:
            assert note(*reports) == wanted
        counts.append(len(caught))
    assert counts[0] == counts[1]
