"""What is put into the outbox, taken back, asked beforehand, and taken away with a person."""

from __future__ import annotations

from datetime import time, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.criteria.registry import facets
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.models import Event
from leadloop.outreach import queries, services
from leadloop.outreach.contracts import Channel, Contact, Draft, Limits, Purpose, State, Verdict
from leadloop.outreach.facets import MESSAGE
from leadloop.outreach.models import Message
from leadloop.outreach.tests.post import BY, draft, person, put
from leadloop.people import services as people
from leadloop.people.contracts import Suppress
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def kinds() -> list[str]:
    return list(Event.objects.filter(kind__startswith="message").order_by("id").values_list("kind", flat=True))


def test_the_same_occasion_is_written_about_once(cast: Any) -> None:
    ana, ben = person(), person("ben@acme.example")
    ack = draft(ana, occasion="ack:inquiry:17")
    first = services.queue([ack, ack, draft(ben, occasion="ack:inquiry:17")], **BY)
    assert first[0] is not None
    assert first[1] is None
    assert first[2] is not None
    assert services.queue([ack], **BY) == [None]
    assert kinds() == ["message.queued"] * 2


def test_users_are_written_to_once_each_too(cast: Any) -> None:
    kim, ola = (draft(None, Purpose.INTERNAL, occasion="new:1", user_id=cast.user[u]) for u in ("kim", "ola"))
    assert None not in services.queue([kim, ola], **BY)
    assert services.queue([kim, ola], **BY) == [None, None]


def test_nothing_personal_goes_into_the_facts() -> None:
    put(draft(person(), subject="Hello Ana", lead_id=5))
    fact = Event.objects.get(kind="message.queued")
    assert fact.lead_id == 5
    assert set(fact.payload) == {"message_id", "channel", "purpose"}


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"occasion": ""}, "occasion"),
        ({"occasion": "x\ny"}, "occasion"),
        ({"person_id": None}, "recipient"),
        ({"user_id": 1}, "recipient"),
        ({"purpose": Purpose.INTERNAL}, "purpose"),
        ({"channel": Channel.LETTER}, "channel"),
        ({"subject": " \r\n"}, "text"),
        ({"text": " "}, "text"),
        ({"reply_to": "kim@x\r\nBcc: y@z.example"}, "reply_to"),
    ],
)
def test_what_could_never_be_sent_is_refused_at_once(change: dict[str, Any], field: str) -> None:
    known: dict[str, Any] = {"occasion": "x:1", "subject": "s", "text": "t", "purpose": Purpose.MARKETING}
    with pytest.raises(Invalid) as refused:
        services.queue([Draft(**{**known, "person_id": 1, **change})], **BY)
    assert refused.value.field == field
    assert refused.value.mend


def test_a_large_batch_costs_as_many_queries_as_a_small_one() -> None:
    ana, counts = person(), []
    for size in (1, 300):
        with CaptureQueriesContext(connection) as seen:
            assert len(put([draft(ana) for _ in range(size)])) == size
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_taking_back_ends_at_a_colon_and_leaves_what_went_out() -> None:
    ana = person()
    ids = put([draft(ana, occasion=one) for one in ("journey:5", "journey:5:1", "journey:50", "journey_5:1")])
    Message.objects.filter(id=ids[1]).update(state="sent", sent_at=MONDAY, begun_at=MONDAY)
    assert services.cancel("journey:5", reason="paused", **BY) == 1
    assert {i: queries.message(i).state for i in ids} == {  # type: ignore[union-attr]
        ids[0]: State.CANCELLED,
        ids[1]: State.SENT,
        ids[2]: State.QUEUED,
        ids[3]: State.QUEUED,
    }
    assert services.cancel("journey:5", reason="paused", **BY) == 0
    assert services.queue([draft(ana, occasion="journey:5")], **BY) == [None]
    assert kinds().count("message.cancelled") == 1


def test_asking_beforehand() -> None:
    ana, ben = person(), person("ben@acme.example", consent=False)
    asked = [(ana, "email", "marketing"), (ben, "email", "marketing"), (ben, "email", "transactional")]
    answers = services.may_contact([*asked, (ana, "call", "transactional"), (-1, "email", "marketing")], now=MONDAY)
    assert [(a.outcome.may, a.reasons[0].code if a.reasons else "") for a in answers] == [
        (True, ""),
        (False, "no_consent"),
        (True, ""),
        (False, "no_address"),
        (False, "no_address"),
    ]


def test_asking_for_many_costs_as_many_queries_as_for_one() -> None:
    ids, counts = [person(f"p{n}@acme.example") for n in range(30)], []
    for some in (ids[:1], ids):
        with CaptureQueriesContext(connection) as seen:
            services.may_contact([(i, "email", "marketing") for i in some], now=MONDAY)
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_call_counts_towards_the_same_limit() -> None:
    ana = person()
    call = Contact(
        occasion="call:1", channel=Channel.CALL, purpose=Purpose.MARKETING, person_id=ana, at=MONDAY - DAY / 2
    )
    assert services.note([call, call], now=MONDAY) == 1
    assert services.note([call], now=MONDAY) == 0
    [answer] = services.may_contact([(ana, "email", "marketing")], now=MONDAY)
    assert answer.reasons[0].code == "daily_limit"
    # MONDAY is 10:00 in Berlin. The day after the call ends at night there, so the next contact is at 8:00.
    assert answer.outcome == Verdict(may=False, later_at=MONDAY + timedelta(hours=22))


def test_a_saved_policy_holds_from_the_next_question_on(cast: Any) -> None:
    ana = person()
    assert queries.limits() == Limits()
    off = Limits(per_day=0, per_week=0, quiet_from=time(20), quiet_until=time(9))
    services.save_policy(off, **BY)
    assert queries.limits() == off
    [answer] = services.may_contact([(ana, "email", "marketing")], now=MONDAY)
    assert answer.reasons[0].code == "marketing_off"
    assert Event.objects.get(kind="contact_policy.changed").payload["quiet_from"] == "20:00"


@pytest.mark.parametrize("limits", [Limits(-1, 1), Limits(2, 1), Limits(1, 101)])
def test_impossible_limits_are_refused(limits: Limits) -> None:
    with pytest.raises(Invalid):
        services.save_policy(limits, **BY)


def test_erasing_a_person_empties_their_messages_and_stops_what_waits(cast: Any) -> None:
    ana = person()
    [sent, waiting, about] = put(
        [
            draft(ana),
            draft(ana, reply_to="kim@alder-finch.example"),
            draft(None, Purpose.INTERNAL, user_id=cast.user["kim"], about_person_id=ana, text="Ana Ruiz wrote"),
        ]
    )
    Message.objects.filter(id=sent).update(state="sent", sent_at=MONDAY, begun_at=MONDAY, to_address="ana@acme.example")
    exported = people.export(person_id=ana)
    assert "Ana Ruiz wrote" in str(exported)
    erased = people.forget(person_id=ana, **BY)
    assert erased.rows["outbox"] == 3
    rows = {m.id: m for m in Message.objects.all()}
    for row in rows.values():
        assert (row.to_address, row.reply_to, row.subject, row.text, row.html) == ("", "", "", "", "")
    assert [rows[i].state for i in (sent, waiting, about)] == ["sent", "cancelled", "cancelled"]
    assert people.forget(person_id=ana, **BY).rows["outbox"] == 0


def test_a_made_up_unsubscribe_link_is_not_found() -> None:
    for token in ("", "17", "17:abc", "x:y:z"):
        with pytest.raises(NotFound):
            services.unsubscribe(token, **BY)


def test_the_view_has_what_is_declared_of_it() -> None:
    ana = person()
    put([draft(ana, lead_id=7), draft(ana)])
    names = ["lead_id", "message_id", "person_id", *(column.name for column in MESSAGE.columns)]
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(names)} from outreach_facet_message")
        rows = cursor.fetchall()
        cursor.execute("select * from outreach_facet_message")
        assert {column.name for column in cursor.description or ()} == set(names)
    assert [row[0] for row in rows] == [7]
    assert {"message.state", "message.sent_at"} <= {facet.key for facet in facets("lead")}


def test_how_sending_stands_is_told_in_words(settings: Any) -> None:
    ana = person()
    put([draft(ana), draft(ana, not_before=MONDAY + DAY)])
    state = queries.sending(MONDAY + timedelta(hours=1))
    assert (state.queued, state.due, state.oldest_due_at) == (2, 1, MONDAY)
    assert "LEADLOOP_EMAIL_URL" in state.held
    assert [m.state for m in queries.messages(person_ids=[ana])] == [State.QUEUED, State.QUEUED]
    assert queries.message(-1) is None


def test_a_suppressed_address_may_not_be_asked_for(cast: Any) -> None:
    ana = person()
    barred = Suppress(channel=Channel.EMAIL, norm="ana@acme.example", reason="complained")
    people.suppress([barred], **BY)
    answers = services.may_contact([(ana, "email", "marketing"), (ana, "email", "transactional")], now=MONDAY)
    assert [a.reasons[0].code for a in answers] == ["suppressed", "suppressed"]
