"""The checks on a live database find nothing after ordinary work, and find what is broken by hand."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection

from leadloop.outreach import services
from leadloop.outreach.checks import CHECKS
from leadloop.outreach.contracts import Channel, Contact, Purpose
from leadloop.outreach.models import Message
from leadloop.outreach.tests.post import BY, draft, person, post_office, put
from leadloop.outreach.tokens import unsubscribe_token
from leadloop.people.models import Consent
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


def found() -> dict[str, list[str]]:
    """What each check finds, by its name."""
    breaches = {}
    with connection.cursor() as cursor:
        for check in CHECKS:
            cursor.execute(check.sql, [20])
            if rows := [row[0] for row in cursor.fetchall()]:
                breaches[check.name] = rows
    return breaches


def work() -> list[int]:
    """A day of ordinary work: sent, refused, unknown, cancelled, noted, and somebody who unsubscribes afterwards."""
    people = [person(f"p{n}@d{n}.example", consent=n != 1) for n in range(4)]
    ids = put([draft(one, Purpose.MARKETING) for one in people])
    with post_office() as office:
        office.drop_after.add("p2@d2.example")
        services.deliver(limit=10, now=MONDAY, sender=office.sender)
        services.deliver(limit=10, now=MONDAY + timedelta(hours=1), sender=office.sender)
    services.unsubscribe(unsubscribe_token(ids[0]), actor=BY["actor"], now=MONDAY + timedelta(hours=2))
    call = Contact(occasion="call:1", channel=Channel.CALL, purpose=Purpose.MARKETING, person_id=people[3], at=MONDAY)
    services.note([call], now=MONDAY)
    return ids


def test_ordinary_work_keeps_every_promise() -> None:
    ids = work()
    assert list(Message.objects.filter(id__in=ids).order_by("id").values_list("state", flat=True)) == [
        "sent",
        "refused",
        "unknown",
        "sent",
    ]
    assert found() == {}


def test_what_is_broken_by_hand_is_found() -> None:
    ids = work()
    Message.objects.filter(id=ids[0]).update(admitted_at=None)
    assert found() == {"a message that went out without being let go": [f"message {ids[0]}"]}
    Message.objects.filter(id=ids[1]).update(detail="")
    assert found()["a refused message without a reason"] == [f"message {ids[1]}"]
    Message.objects.filter(id=ids[2]).update(state="sent", sent_at=MONDAY)
    assert found()["a message recorded as sent twice"] == [f"message {ids[2]}"]
    row = Message.objects.get(id=ids[3])
    Consent.objects.create(
        person_id=row.person_id,
        channel="email",
        purpose="marketing",
        state="withdrawn",
        at=MONDAY - timedelta(minutes=16),
    )
    Consent.objects.filter(person_id=row.person_id, state="given").update(at=MONDAY - timedelta(days=1))
    assert found()["marketing after consent was withdrawn"] == [f"message {ids[3]}"]
