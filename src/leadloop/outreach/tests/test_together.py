"""Several senders at once, people who unsubscribe in that very moment, and senders that are killed."""

from __future__ import annotations

import os
import subprocess
import sys
from collections import Counter
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier, Event, Lock
from typing import Any

import psycopg
import pytest
from django.db import connections, transaction

from leadloop.kernel.errors import Unavailable
from leadloop.ledger.models import Event as LedgerEvent
from leadloop.outreach import services
from leadloop.outreach.contracts import DeliveryCount, Purpose
from leadloop.outreach.models import Message
from leadloop.outreach.rules.answers import Phase, Reply
from leadloop.outreach.services.parts import LEASE
from leadloop.outreach.smtp import Letter
from leadloop.outreach.tests.post import BY, PostOffice, draft, person, post_office, put
from leadloop.outreach.tokens import unsubscribe_token
from leadloop.people import services as people
from leadloop.people.contracts import Channel, Suppress
from tests.support.cast import MONDAY

MARKETING = Purpose.MARKETING
RACES = 60


@pytest.fixture
def office() -> Iterator[PostOffice]:
    with post_office() as one:
        yield one


class Quick:
    """A sender without a network: takes everything at once and remembers it."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self._lock = Lock()

    def connect(self) -> Quick:
        return self

    def send(self, letter: Letter) -> Reply:
        with self._lock:
            self.taken.append(letter.recipient)
        return Reply(Phase.END, 250, "2.0.0 OK")

    def close(self) -> None:
        pass


def together(*work: Callable[[], Any]) -> list[Any]:
    """Run these at the same time, each on a connection of its own."""
    ready = Barrier(len(work))

    def one(what: Callable[[], Any]) -> Any:
        try:
            ready.wait()
            return what()
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(work)) as pool:
        return list(pool.map(one, work))


def test_four_senders_deliver_every_message_exactly_once(fresh_db: str, office: PostOffice) -> None:
    ids = put(
        [draft(person(f"p{n}@d{n % 7}.example"), MARKETING if n % 2 else Purpose.TRANSACTIONAL) for n in range(200)]
    )

    def run() -> int:
        sent = 0
        while (count := services.deliver(limit=30, now=MONDAY, sender=office.sender)) != DeliveryCount():
            sent += count.sent
        return sent

    assert sum(together(run, run, run, run)) == 200
    assert Counter(office.recipients) == Counter(f"p{n}@d{n % 7}.example" for n in range(200))
    assert set(Message.objects.filter(id__in=ids).values_list("state", flat=True)) == {"sent"}
    assert LedgerEvent.objects.filter(kind="message.sent").count() == 200


def test_two_senders_together_keep_to_one_persons_limit(fresh_db: str) -> None:
    quick = Quick()
    for n in range(20):
        ana = person(f"ana{n}@acme.example")
        put([draft(ana, MARKETING) for _ in range(6)])
    together(*[lambda: services.deliver(limit=7, now=MONDAY, sender=quick) for _ in range(4)])
    while services.deliver(limit=50, now=MONDAY, sender=quick) != DeliveryCount():
        pass
    assert Counter(quick.taken) == Counter({f"ana{n}@acme.example": 1 for n in range(20)})


def test_the_same_occasion_queued_by_several_at_once_is_one_message(fresh_db: str) -> None:
    ana = person()
    asked = [draft(ana, occasion=f"ack:{n}") for n in range(20)]
    answers = together(*[lambda: services.queue(asked, **BY) for _ in range(4)])
    assert Message.objects.count() == 20
    assert sum(one is not None for answer in answers for one in answer) == 20


@pytest.mark.parametrize("way", ["link", "complaint"])
def test_nothing_begins_after_the_word_that_forbids_it(fresh_db: str, way: str) -> None:
    """I4. Whoever forbids looks, in the same transaction and so under the same lock, how far the message has come.

    If it has not been let go (by the link: if it has not begun), it must never go out.
    """
    quick = Quick()
    for n in range(RACES):
        addresses = [f"p{n}-{k}@acme.example" for k in range(1 + n % 4)]
        ids = put([draft(person(address), MARKETING) for address in addresses])
        message_id, address = ids[-1], addresses[-1]
        Message.objects.filter(id=message_id).update(to_address=address)  # as an earlier message would have it

        def forbid(message_id: int = message_id, address: str = address) -> bool:
            with transaction.atomic():
                if way == "link":
                    services.unsubscribe(unsubscribe_token(message_id), **BY)
                    return Message.objects.filter(id=message_id, begun_at__isnull=False).exists()
                people.suppress([Suppress(channel=Channel.EMAIL, norm=address, reason="complained")], **BY)
                return Message.objects.filter(id=message_id, admitted_at__isnull=False).exists()

        too_late, _ = together(forbid, lambda: services.deliver(limit=5, now=MONDAY, sender=quick))
        sent = address in quick.taken
        assert too_late or not sent
        assert Message.objects.get(id=message_id).state == ("sent" if sent else "refused")
    assert len(quick.taken) == len(set(quick.taken))


def test_erasing_people_while_they_are_written_to_neither_stops_nor_repeats_anything(fresh_db: str) -> None:
    quick, ids = Quick(), [person(f"p{n}@acme.example") for n in range(40)]
    put([draft(one, MARKETING) for one in ids])

    def erase() -> None:
        for one in ids[::2]:
            people.forget(person_id=one, **BY)

    def send() -> None:
        for _ in range(20):
            services.deliver(limit=3, now=MONDAY, sender=quick)

    together(erase, send, send)
    assert len(quick.taken) == len(set(quick.taken))
    rows = {m.person_id: m for m in Message.objects.all()}
    assert all(rows[i].text == rows[i].to_address == "" for i in ids[::2])
    assert all(rows[i].state == "sent" for i in ids[1::2])
    assert {rows[i].state for i in ids[::2]} <= {"sent", "cancelled", "refused"}


def test_putting_sending_on_hold_in_the_middle_of_a_run_stops_it(fresh_db: str, office: PostOffice) -> None:
    put([draft(person(f"p{n}@acme.example")) for n in range(5)])

    def hold(recipient: str) -> None:
        with psycopg.connect(fresh_db) as session:
            session.execute("update platform_setting set sending_held_since = now(), sending_held_why = 'stop'")

    office.on_arrival = hold
    count = services.deliver(limit=10, now=MONDAY, sender=office.sender)
    assert (count.sent, count.held) == (1, "stop")
    assert sorted(Message.objects.values_list("state", flat=True)) == ["queued"] * 4 + ["sent"]


SENDER = """
import django, sys
django.setup()
from datetime import datetime, timezone
from leadloop.outreach import services
from leadloop.outreach.smtp import SmtpSender
from leadloop.platform.config import Mail
mail = Mail(host="127.0.0.1", port=int(sys.argv[1]), user="", password="", tls="none")
services.deliver(limit=10, now=datetime.fromisoformat(sys.argv[2]), sender=SmtpSender(mail))
"""


@pytest.mark.crash
@pytest.mark.parametrize(("purpose", "copies"), [(MARKETING, 1), (Purpose.TRANSACTIONAL, 2)])
def test_a_sender_killed_between_text_and_answer(
    fresh_db: str, office: PostOffice, purpose: Purpose, copies: int
) -> None:
    """Fault 3: the server has the text, the sender never hears so."""
    arrived = Event()
    first, second = "p0@acme.example", "p1@acme.example"
    ids = put([draft(person(first), purpose), draft(person(second), purpose)])

    def kill(recipient: str) -> None:
        if office.recipients == [first]:
            process.kill()
            process.wait()
            arrived.set()

    office.on_arrival = kill
    environment = {**os.environ, "DATABASE_URL": fresh_db, "DJANGO_SETTINGS_MODULE": "leadloop.settings"}
    process = subprocess.Popen([sys.executable, "-c", SENDER, str(office.port), MONDAY.isoformat()], env=environment)
    try:
        assert arrived.wait(120)
    finally:
        process.kill()
        process.wait()
    late = MONDAY + LEASE + timedelta(minutes=1)
    recovered = services.recover(late)
    assert (recovered.requeued, recovered.repeated, recovered.unknown) == (1, int(copies == 2), int(copies == 1))
    while services.deliver(limit=10, now=late, sender=office.sender) != DeliveryCount():
        pass
    assert Counter(office.recipients) == Counter({first: copies, second: 1})
    states = dict(Message.objects.filter(id__in=ids).values_list("id", "state"))
    assert states == {ids[0]: "unknown" if copies == 1 else "sent", ids[1]: "sent"}
    assert len({letter["Message-ID"] for letter in office.letters}) == 2


def test_a_sender_without_a_server_says_why(fresh_db: str) -> None:
    class Down:
        def connect(self) -> Any:
            raise Unavailable("The mail server is down", mend="Start it")

    put(draft(person()))
    assert services.deliver(limit=1, now=MONDAY, sender=Down()).held == "The mail server is down. Start it"
