"""Messages go out through a real mail server: once, to those who may be written to, whatever the server does."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.outreach import queries, services
from leadloop.outreach.contracts import DeliveryCount, Purpose, State
from leadloop.outreach.models import Message
from leadloop.outreach.services.admitting import admit
from leadloop.outreach.services.beginning import begin
from leadloop.outreach.services.handing import put_back
from leadloop.outreach.services.leasing import lease
from leadloop.outreach.services.parts import LEASE, Leased, Result
from leadloop.outreach.services.settling import settle
from leadloop.outreach.smtp import SmtpSender
from leadloop.outreach.tests.post import BY, PostOffice, draft, free_port, person, post_office, put
from leadloop.people import queries as people
from leadloop.people import services as people_services
from leadloop.platform import services as platform
from leadloop.platform.config import Mail
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
ANA = "ana@acme.example"
MARKETING = Purpose.MARKETING


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as one:
        yield one


def deliver(office: PostOffice, now: datetime = MONDAY, limit: int = 100) -> DeliveryCount:
    return services.deliver(limit=limit, now=now, sender=office.sender)


def state(message_id: int) -> tuple[str, str]:
    row = Message.objects.get(id=message_id)
    return row.state, row.detail.partition(":")[0]


def facts(kind: str) -> list[tuple[int, str]]:
    rows = Event.objects.filter(kind=kind).order_by("id")
    return [(row.payload["message_id"], row.reason) for row in rows]


def begun(now: datetime = MONDAY) -> list[Leased]:
    """What a sender that goes one by one has just begun to hand over."""
    batch = leased(now=now)
    assert all(admit([message], now=now).go[0].has_begun for message in batch)
    return batch


def leased(limit: int = 100, now: datetime = MONDAY) -> list[Leased]:
    return lease(limit=limit, now=now, domain="us.example", bulk=True)


def test_an_answer_goes_out_and_is_recorded(office: PostOffice) -> None:
    [ack] = put(draft(person(), auto_answer=True, lead_id=5, html="<p>Hello</p>", reply_to="kim@alder-finch.example"))
    assert deliver(office) == DeliveryCount(sent=1)
    [letter] = office.letters
    assert office.recipients == [ANA]
    assert (letter["To"], letter["Subject"], letter["Reply-To"]) == (ANA, "Hello", "kim@alder-finch.example")
    assert letter["Auto-Submitted"] == "auto-replied"
    assert letter["List-Unsubscribe"] is None
    row = Message.objects.get(id=ack)
    assert (row.state, row.to_address, row.message_id) == ("sent", ANA, letter["Message-ID"])
    assert row.sent_at
    assert facts("message.sent") == [(ack, "")]
    assert deliver(office) == DeliveryCount()
    assert len(office.arrived) == 1


def test_a_message_waits_for_its_time(office: PostOffice) -> None:
    put(draft(person(), not_before=MONDAY + HOUR))
    assert deliver(office) == DeliveryCount()
    assert deliver(office, MONDAY + HOUR) == DeliveryCount(sent=1)


def test_colleagues_get_their_notices_at_any_hour(office: PostOffice, cast: Any) -> None:
    put(draft(None, Purpose.INTERNAL, user_id=cast.user["kim"]))
    assert deliver(office, MONDAY + 14 * HOUR) == DeliveryCount(sent=1)
    assert office.recipients == ["kim@alder-finch.example"]


def test_answers_go_before_marketing(office: PostOffice) -> None:
    people_ = [person(f"p{n}@acme.example") for n in range(4)]
    put([draft(one, MARKETING) for one in people_[:3]])
    put(draft(people_[3]))
    assert deliver(office, limit=2).sent == 2
    assert office.recipients == ["p3@acme.example", "p0@acme.example"]


def test_marketing_carries_a_way_out_that_works_and_keeps_working(office: PostOffice) -> None:
    ana = person()
    put(draft(ana, MARKETING))
    deliver(office)
    [letter] = office.letters
    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    token = letter["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    [waiting, answer] = put([draft(ana, MARKETING), draft(ana)])
    first = services.unsubscribe(token, **BY)
    assert (first.known, first.new) == (True, True)
    assert state(waiting) == ("refused", "unsubscribed")
    [later] = put(draft(ana, MARKETING))
    assert deliver(office, MONDAY + 2 * DAY) == DeliveryCount(sent=1, refused=1)
    assert state(later) == ("refused", "suppressed")
    assert facts("message.refused") == [(waiting, "unsubscribed"), (later, "suppressed")]
    assert state(answer)[0] == "sent"
    again = services.unsubscribe(token, actor=BY["actor"], now=MONDAY + 900 * DAY)
    assert (again.known, again.new) == (True, False)
    assert people.suppressed([ANA], "email", "marketing") == {ANA}


def test_the_way_out_is_polite_to_somebody_who_was_erased(office: PostOffice) -> None:
    ana = person()
    put(draft(ana, MARKETING))
    deliver(office)
    token = office.letters[0]["List-Unsubscribe"].strip("<>").rpartition("/")[2]
    people_services.forget(person_id=ana, **BY)
    assert services.unsubscribe(token, **BY).known is False


def test_nobody_gets_more_than_the_policy_allows_not_even_in_one_batch(office: PostOffice) -> None:
    ana = person()
    ids = put([draft(ana, MARKETING) for _ in range(5)])
    assert deliver(office) == DeliveryCount(sent=1, postponed=4)
    days = 0
    while len(office.arrived) < 5 and days < 30:
        days += 1
        deliver(office, MONDAY + days * DAY + timedelta(minutes=days))
    assert len(office.arrived) == 5
    times = sorted(Message.objects.filter(id__in=ids).values_list("sent_at", flat=True))
    assert all(b - a >= DAY for a, b in pairwise(times))
    assert times[3] - times[0] >= 7 * DAY


def test_at_night_marketing_waits_for_the_morning_there(office: PostOffice) -> None:
    [tokyo, berlin] = put(
        [draft(person("t@acme.example", zone="Asia/Tokyo"), MARKETING), draft(person("b@acme.example"), MARKETING)]
    )
    evening = MONDAY + 3 * HOUR + timedelta(minutes=30)  # 21:30 in Tokyo, 13:30 in Berlin
    assert deliver(office, evening) == DeliveryCount(sent=1, postponed=1)
    assert state(berlin)[0] == "sent"
    assert state(tokyo) == ("queued", "quiet_hours")
    assert Message.objects.get(id=tokyo).not_before == MONDAY + 14 * HOUR
    assert deliver(office, MONDAY + 14 * HOUR) == DeliveryCount(sent=1)


def test_a_zone_that_changed_while_waiting_counts(office: PostOffice) -> None:
    ana = person(zone="Asia/Tokyo")
    [waiting] = put(draft(ana, MARKETING))
    deliver(office, MONDAY + 4 * HOUR)
    people_services.change_fields(person_id=ana, changes={"zone": "America/New_York"}, **BY)
    assert deliver(office, MONDAY + 14 * HOUR) == DeliveryCount(sent=1)
    assert state(waiting)[0] == "sent"


def test_only_one_answer_by_rule_a_day(office: PostOffice) -> None:
    ana = person()
    ids = put([draft(ana, auto_answer=True), draft(ana, auto_answer=True), draft(ana)])
    assert deliver(office) == DeliveryCount(sent=2, refused=1)
    assert [state(i) for i in ids] == [("sent", ""), ("refused", "answered_today"), ("sent", "")]


def test_somebody_without_an_address_is_not_written_to(office: PostOffice) -> None:
    [none] = put(draft(person("", consent=False)))
    assert deliver(office) == DeliveryCount(refused=1)
    assert state(none) == ("refused", "no_address")


def test_an_unknown_mailbox_is_never_written_to_again(office: PostOffice) -> None:
    ana = person()
    office.refuse[ANA] = "550 5.1.1 User unknown"
    [failed] = put(draft(ana, lead_id=5))
    assert deliver(office) == DeliveryCount(failed=1)
    assert state(failed) == ("failed", "no_mailbox")
    assert Message.objects.get(id=failed).detail == "no_mailbox: 550 5.1.1"
    assert facts("message.failed") == [(failed, "no_mailbox")]
    assert people.suppressed([ANA], "email", "transactional") == {ANA}
    [next_one] = put(draft(ana))
    assert deliver(office) == DeliveryCount(refused=1)
    assert state(next_one)[0] == "refused"


def test_a_refusal_of_us_costs_nobody_their_address_and_lets_marketing_rest(office: PostOffice) -> None:
    ana, ben, cleo = (person(f"{n}@{d}.example") for n, d in (("ana", "acme"), ("ben", "acme"), ("cleo", "other")))
    office.refuse["acme.example"] = "550 5.7.1 Blocked for policy reasons"
    [failed] = put(draft(ana, MARKETING))
    assert deliver(office) == DeliveryCount(failed=1)
    assert state(failed) == ("failed", "policy")
    assert people.suppressed([ANA], "email", "marketing") == set()
    [waits, goes] = put([draft(ben, MARKETING), draft(cleo, MARKETING)])
    assert deliver(office) == DeliveryCount(sent=1, postponed=1)
    assert state(waits) == ("queued", "paused")
    assert state(goes)[0] == "sent"
    assert queries.sending(MONDAY).paused == ("acme.example",)
    office.refuse.clear()
    assert deliver(office, MONDAY + HOUR + timedelta(minutes=1)) == DeliveryCount(sent=1)


def test_when_three_domains_refuse_us_all_marketing_rests_and_answers_go_on(office: PostOffice) -> None:
    for n in range(3):
        office.refuse[f"d{n}.example"] = "554 5.7.1 Blocked for policy reasons"
        put(draft(person(f"p@d{n}.example"), MARKETING))
    assert deliver(office).failed == 3
    other = person("p@fine.example")
    put([draft(other, MARKETING), draft(other)])
    assert deliver(office) == DeliveryCount(sent=1)
    assert deliver(office, MONDAY + 2 * HOUR) == DeliveryCount(sent=1)


def test_a_message_put_off_is_tried_again_later_and_its_domain_left_in_peace(office: PostOffice) -> None:
    office.refuse["acme.example"] = "451 4.7.1 Greylisted"
    [first, second, other] = put(
        [draft(person(one)) for one in ("ana@acme.example", "ben@acme.example", "cleo@other.example")]
    )
    assert deliver(office) == DeliveryCount(sent=1, put_off=2)
    rows = {m.id: m for m in Message.objects.all()}
    assert (rows[first].attempts, rows[second].attempts) == (1, 0)
    assert rows[first].not_before == rows[second].not_before > MONDAY + timedelta(seconds=29)
    assert rows[first].state == rows[second].state == "queued"
    assert state(other)[0] == "sent"
    office.refuse.clear()
    assert deliver(office, MONDAY + HOUR) == DeliveryCount(sent=2)
    assert not facts("message.failed")


def test_waits_grow_and_after_three_days_we_give_up(office: PostOffice) -> None:
    office.refuse[ANA] = "450 4.2.1 try later"
    [put_off] = put(draft(person(), not_before=MONDAY))
    now, tries = MONDAY, 0
    while state(put_off)[0] == "queued":
        now = max(now, Message.objects.get(id=put_off).not_before)
        deliver(office, now)
        tries += 1
        assert tries < 60
    assert state(put_off) == ("failed", "expired")
    assert timedelta(hours=72) <= now - MONDAY < timedelta(hours=80)
    assert tries > 15


def test_a_server_that_is_down_loses_nothing() -> None:
    [waiting] = put(draft(person()))
    down = SmtpSender(Mail(host="127.0.0.1", port=free_port(), user="", password="", tls="none"))
    count = services.deliver(limit=10, now=MONDAY, sender=down)
    assert count.sent == 0
    assert "127.0.0.1" in count.held
    assert state(waiting) == ("queued", "")
    assert Message.objects.get(id=waiting).attempts == 0


def test_after_a_failure_the_server_is_left_alone_for_a_moment(office: PostOffice) -> None:
    put(draft(person()))
    sender = office.sender
    sender._mail = Mail(host="127.0.0.1", port=free_port(), user="", password="", tls="none")
    assert services.deliver(limit=10, now=MONDAY, sender=sender).held
    sender._mail = office.sender._mail
    assert "a moment ago" in services.deliver(limit=10, now=MONDAY, sender=sender).held
    assert office.arrived == []


def test_a_server_that_does_not_take_our_sender_loses_nothing(office: PostOffice) -> None:
    office.refuse_sender = "530 5.7.0 Authentication required"
    ids = put([draft(person(f"p{n}@acme.example")) for n in range(3)])
    count = deliver(office)
    assert (count.put_off, count.failed) == (3, 0)
    assert {state(i)[0] for i in ids} == {"queued"}
    office.refuse_sender = ""
    assert deliver(office, MONDAY + HOUR).sent == 3


def test_without_a_mail_server_messages_wait(office: PostOffice) -> None:
    [waiting] = put(draft(person()))
    assert "LEADLOOP_EMAIL_URL" in services.deliver(limit=10, now=MONDAY, sender=None).held
    assert state(waiting)[0] == "queued"


def test_sending_on_hold_holds_everything(office: PostOffice, cast: Any) -> None:
    put([draft(person()), draft(None, Purpose.INTERNAL, user_id=cast.user["kim"])])
    by_ada = {"actor": by_user(cast.user["ada"]), "now": MONDAY}
    platform.hold_sending(why="Restored from a backup", **by_ada)
    assert deliver(office) == DeliveryCount(held="Restored from a backup")
    batch = leased()
    assert admit(batch, now=MONDAY).held == "Restored from a backup"
    settle([put_back(message, MONDAY) for message in batch])
    platform.release_sending(**by_ada)
    assert deliver(office) == DeliveryCount(sent=2)


def test_whatever_becomes_of_a_campaign_it_adds_up(office: PostOffice) -> None:
    office.refuse["ben@acme.example"] = "550 5.1.1 User unknown"
    office.refuse["cleo@other.example"] = "451 later"
    office.drop_after.add("dora@fourth.example")
    who = ["ana@acme.example", "ben@acme.example", "cleo@other.example", "dora@fourth.example", "emil@fifth.example"]
    put([draft(person(one, consent="ana" not in one), MARKETING, occasion=f"run:1:{one[:3]}") for one in who])
    put(draft(person("x@sixth.example"), MARKETING, occasion="run:10"))
    deliver(office, limit=4)
    services.cancel("run:1:emi", reason="paused", **BY)
    counts = queries.counts("run:1")
    assert counts == {
        State.QUEUED: 1,
        State.SENDING: 0,
        State.SENT: 0,
        State.UNKNOWN: 1,
        State.FAILED: 1,
        State.REFUSED: 1,
        State.CANCELLED: 1,
    }
    assert sum(counts.values()) == len(who)


def test_a_text_refused_for_good_fails_and_says_nothing_of_the_address(office: PostOffice) -> None:
    office.refuse_text[ANA] = "552 5.3.4 Message too big"
    [big] = put(draft(person()))
    assert deliver(office) == DeliveryCount(failed=1)
    assert state(big) == ("failed", "rejected")
    assert people.suppressed([ANA], "email", "transactional") == set()


def test_an_address_beyond_ascii_is_served(office: PostOffice) -> None:
    put(draft(person("jörg@acme.example")))
    assert deliver(office) == DeliveryCount(sent=1)
    assert office.recipients == ["jörg@acme.example"]


def test_lines_that_begin_with_a_dot_arrive(office: PostOffice) -> None:
    put(draft(person(), text=".\n..\n.hidden\nend\n"))
    deliver(office)
    body = office.letters[0].get_body(("plain",))
    assert body is not None
    assert body.get_content().splitlines() == [".", "..", ".hidden", "end"]


# --- a line that breaks


def test_a_line_that_breaks_before_the_text_loses_nothing_and_sends_nothing_twice(office: PostOffice) -> None:
    office.drop_at.add(ANA)
    ids = put([draft(person()), draft(person("ben@acme.example"))])
    count = deliver(office)
    assert (count.sent, count.put_off) == (0, 2)
    assert count.held
    office.drop_at.clear()
    assert deliver(office, MONDAY + HOUR) == DeliveryCount(sent=2)
    assert sorted(office.recipients) == [ANA, "ben@acme.example"]
    assert {state(i)[0] for i in ids} == {"sent"}


def test_marketing_of_unknown_outcome_is_not_repeated(office: PostOffice) -> None:
    office.drop_after.add(ANA)
    [lost] = put(draft(person(), MARKETING))
    assert deliver(office).unknown == 1
    assert state(lost) == ("unknown", "no_answer")
    assert facts("message.failed") == [(lost, "unknown")]
    for days in range(1, 10):
        assert services.recover(MONDAY + days * DAY) == services.recover(MONDAY)
        assert deliver(office, MONDAY + days * DAY) == DeliveryCount()
    assert office.recipients == [ANA]
    assert queries.sending(MONDAY).unknown == 1


def test_an_answer_of_unknown_outcome_is_repeated_once_with_the_same_message_id(office: PostOffice) -> None:
    office.drop_after.add(ANA)
    [lost] = put(draft(person()))
    assert deliver(office).put_off == 1
    assert state(lost)[0] == "queued"
    assert deliver(office, MONDAY + HOUR).unknown == 1
    assert state(lost) == ("unknown", "no_answer")
    assert deliver(office, MONDAY + DAY) == DeliveryCount()
    first, second = office.letters
    assert first["Message-ID"] == second["Message-ID"]


def test_one_repetition_that_arrives_settles_it(office: PostOffice) -> None:
    office.drop_after.add(ANA)
    [lost] = put(draft(person()))
    deliver(office)
    office.drop_after.clear()
    assert deliver(office, MONDAY + HOUR).sent == 1
    assert state(lost)[0] == "sent"
    assert len(office.arrived) == 2


def test_a_cancelled_message_is_not_sent_even_if_somebody_holds_it(office: PostOffice) -> None:
    put(draft(person(), occasion="journey:5:1"))
    batch = leased()
    services.cancel("journey:5", reason="paused", **BY)
    assert admit(batch, now=MONDAY).go == []
    assert deliver(office) == DeliveryCount()


# --- a sender that dies


def test_a_sender_that_died_before_it_began_has_done_nothing(office: PostOffice) -> None:
    [first, second] = put([draft(person()), draft(person("ben@acme.example"), MARKETING)])
    assert [m.id for m in leased()] == [first, second]
    assert deliver(office) == DeliveryCount()
    assert services.recover(MONDAY + LEASE) == services.recover(MONDAY)
    late = MONDAY + LEASE + timedelta(seconds=1)
    assert services.recover(late).requeued == 2
    assert deliver(office, late) == DeliveryCount(sent=2)
    assert not facts("message.failed")


def test_a_sender_that_died_after_it_began_leaves_an_unknown_outcome(office: PostOffice) -> None:
    [answer, offer] = put([draft(person()), draft(person("ben@acme.example"), MARKETING)])
    begun()
    late = MONDAY + 2 * LEASE
    recovered = services.recover(late)
    assert (recovered.requeued, recovered.repeated, recovered.unknown) == (0, 1, 1)
    assert state(offer) == ("unknown", "no_answer")
    assert facts("message.failed") == [(answer, "unknown"), (offer, "unknown")]
    assert deliver(office, late) == DeliveryCount(sent=1)
    assert office.recipients == [ANA]


def test_what_was_let_go_together_begins_one_by_one(office: PostOffice) -> None:
    [first, second, third] = put([draft(person(f"p{n}@acme.example", zone="UTC"), MARKETING) for n in range(3)])
    go = admit(leased(), now=MONDAY).go
    assert [one.message.id for one in go if not one.has_begun] == [first, second, third]
    assert begin(go[0].message, now=MONDAY)
    services.cancel(queries.message(second).occasion, reason="paused", **BY)  # type: ignore[union-attr]
    assert not begin(go[1].message, now=MONDAY)
    late = MONDAY + 2 * LEASE
    recovered = services.recover(late)
    assert (recovered.requeued, recovered.unknown) == (1, 1)
    assert deliver(office, late) == DeliveryCount(sent=1)
    assert [state(i)[0] for i in (first, second, third)] == ["unknown", "cancelled", "sent"]


def test_a_database_that_has_crashed_since_proves_nothing_by_a_missing_mark() -> None:
    ids = put([draft(person(f"p{n}@acme.example"), MARKETING) for n in range(2)])
    assert len(admit(leased(), now=MONDAY).go) == 2
    with connection.cursor() as cursor:
        cursor.execute(
            "update outreach_message set admitted_at = pg_postmaster_start_time() - interval '1 second' where id = %s",
            [ids[0]],
        )
    recovered = services.recover(MONDAY + 2 * LEASE)
    assert (recovered.requeued, recovered.unknown) == (1, 1)
    assert [state(i)[0] for i in ids] == ["unknown", "queued"]


def test_an_answer_is_given_up_when_its_repetition_is_lost_too(office: PostOffice) -> None:
    [answer] = put(draft(person()))
    for round_ in (0, 2):
        now = MONDAY + round_ * 2 * LEASE
        assert len(begun(now)) == 1
        services.recover(now + 2 * LEASE)
    assert state(answer) == ("unknown", "no_answer")
    assert deliver(office, MONDAY + DAY) == DeliveryCount()


def test_a_slow_sender_can_not_write_over_the_one_who_took_over() -> None:
    [message_id] = put(draft(person()))
    [slow] = leased()
    late = MONDAY + 2 * LEASE
    services.recover(late)
    [quick] = leased(now=late)
    assert quick.fence > slow.fence
    assert admit([slow], now=late).go == []
    settle([Result(id=slow.id, fence=slow.fence, state=State.FAILED, at=late, detail="rejected: 550")])
    assert state(message_id)[0] == "sending"
    assert len(admit([quick], now=late).go) == 1


def test_a_late_word_that_it_arrived_is_believed_as_long_as_nobody_took_over() -> None:
    ids = put([draft(person()), draft(person("ben@acme.example"), MARKETING)])
    batch = begun()
    services.recover(MONDAY + 2 * LEASE)
    assert [state(i)[0] for i in ids] == ["queued", "unknown"]
    settle([Result(id=m.id, fence=m.fence, state=State.SENT, at=MONDAY + 3 * LEASE) for m in batch])
    assert [state(i)[0] for i in ids] == ["sent", "sent"]
    assert leased(now=MONDAY + DAY) == []


def test_a_stride_costs_as_many_queries_as_a_single_message() -> None:
    put([draft(person(f"p{n}@d{n}.example"), MARKETING) for n in range(40)])
    batch, counts = leased(), []
    for some in (batch[:1], batch[1:]):
        with CaptureQueriesContext(connection) as seen:
            assert len(admit(some, now=MONDAY).go) == len(some)
            settle([Result(id=m.id, fence=m.fence, state=State.SENT, at=MONDAY) for m in some])
        counts.append(len(seen))
    assert counts[0] == counts[1]
