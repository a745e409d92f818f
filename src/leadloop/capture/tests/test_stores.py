"""What others read of the room, and what it gives up when a person is erased."""

from __future__ import annotations

from typing import Any

import orjson
from django.db import connection

from leadloop.capture import erasure, inbox, services
from leadloop.capture.contracts import Delivery, PortalKind, Settled, Unreadable
from leadloop.capture.facets import INQUIRIES
from leadloop.capture.models import Inquiry, Submission
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.letters import letter
from leadloop.criteria.registry import facet
from leadloop.ledger.contracts import Lane, by_system
from leadloop.people import services as people
from leadloop.people.contracts import ContactValue, NewPerson
from leadloop.people.stores import stores


def two_persons(portal: Any) -> list[int]:
    bodies = [{"email": f"p{n}@b.example", "message": f"secret {n}", "budget": "5k", "id": f"X{n}"} for n in (1, 2)]
    made = [
        Delivery(portal_id=portal.id, key=f"key:{n}", body=orjson.dumps(body), context={"address": "203.0.113.9"})
        for n, body in enumerate(bodies)
    ]
    inbox.store(made, lane=Lane.LIVE)
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=5, now=NOW), now=NOW)
    pairs = [(one, Settled(one.ref, 100 + n, 200 + n, "new")) for n, one in enumerate(parsed)]
    services.settle(pairs, actor=by_system("intake"), now=NOW)
    return [one.ref for one in parsed]


def test_erasing_a_person_empties_what_they_sent_and_nothing_else(db: None, save: Any) -> None:
    gone, kept = two_persons(save())
    assert "secret 1" in str(erasure.export([100]))
    with connection.cursor() as cursor:
        assert erasure.erase(cursor, [100]) == 2
        assert erasure.erase(cursor, [100]) == 0
    assert "secret" not in str(erasure.export([100]))
    row = Submission.objects.get(id=gone)
    assert (bytes(row.body), row.context, row.state) == (b"", {}, "new")
    assert Inquiry.objects.get(id=gone).external_id == ""
    assert b"secret 2" in bytes(Submission.objects.get(id=kept).body)
    assert "deliveries" in {store.name for store in stores()}


def test_the_same_delivery_does_not_bring_an_erased_person_back(db: None, save: Any) -> None:
    portal = save()
    gone, _ = two_persons(portal)
    with connection.cursor() as cursor:
        erasure.erase(cursor, [100])
    again = inbox.store([Delivery(portal_id=portal.id, key="key:0", body=b"{}")], lane=Lane.LIVE)
    assert (again[0].submission_id, again[0].known) == (gone, True)


def test_the_view_has_every_column_that_is_declared(db: None, save: Any, cast: Any) -> None:
    two_persons(save())
    names = [column.name for column in INQUIRIES.columns]
    with connection.cursor() as cursor:
        cursor.execute(f"select lead_id, {', '.join(names)} from capture_facet_inquiry order by lead_id")
        rows = [dict(zip(["lead_id", *names], row, strict=True)) for row in cursor.fetchall()]
    assert [(row["lead_id"], row["portal_key"], row["budget"], row["kind"]) for row in rows] == [
        (200, "web", "5k", "sales"),
        (201, "web", "5k", "sales"),
    ]
    declared = facet("inquiries.source_id")
    assert declared is not None
    assert declared.type == "id"


def test_what_is_in_quarantine_goes_with_the_person_whose_address_it_holds(db: None, save: Any) -> None:
    ann = people.remember(
        [NewPerson(ref=1, given="Ann", emails=(ContactValue("Ann@B.example", "ann@b.example"),))],
        actor=by_system("intake"),
        now=NOW,
    )[1]
    portal = save()
    bodies = [b'{"x": "ANN@b.example"', b"broken&mail=ann%40b.example\xff", b'{"x": "bo@b.example"', b'{"y": 1']
    made = [Delivery(portal_id=portal.id, key=f"key:{n}", body=body) for n, body in enumerate(bodies)]
    refs = [one.submission_id for one in inbox.store(made, lane=Lane.LIVE)]
    held = [Unreadable(ref, "unreadable", "It can't be read.") for ref in refs]
    services.quarantine(held, actor=by_system("intake"), now=NOW)
    people.forget(person_id=ann, actor=by_system("privacy"), now=NOW)
    kept = Submission.objects.order_by("id").values_list("body", "state")
    assert [(bytes(body), state) for body, state in kept] == [
        (b"", "quarantined"),
        (b"", "quarantined"),
        (bodies[2], "quarantined"),
        (bodies[3], "quarantined"),
    ]


def test_a_letter_that_was_set_aside_goes_with_whose_it_is_whatever_code_its_text_is_in(db: None, save: Any) -> None:
    ann = people.remember(
        [NewPerson(ref=1, given="Ann", emails=(ContactValue("ann@b.example", "ann@b.example"),))],
        actor=by_system("intake"),
        now=NOW,
    )[1]
    portal = save("mail", kind=PortalKind.MAIL)
    aside = letter(sender="Mailer <mailer-daemon@b.example>", subject="Undelivered", Precedence="bulk")
    said = "Hi. This is the qmail-send program at b.example.\nI wasn't able to deliver your message.\n\n"
    aside.set_content(f"{said}<ann@b.example>:\nSorry, no mailbox here by that name.\n", cte="base64")
    kept = letter(sender="bo@b.example", Precedence="bulk")
    made = [
        Delivery(portal_id=portal.id, key=f"key:{number}", body=one.as_bytes(), content_type="message/rfc822")
        for number, one in enumerate((aside, kept))
    ]
    ids = [one.submission_id for one in inbox.store(made, lane=Lane.LIVE)]
    _, unreadable = services.read(services.claim(lane=Lane.LIVE, limit=5, now=NOW), now=NOW)
    assert "ann@b.example" in unreadable[0].about
    services.quarantine(unreadable, actor=by_system("intake"), now=NOW)
    with connection.cursor() as cursor:
        assert erasure.erase(cursor, [ann]) == 1
    left = Submission.objects.in_bulk(ids)
    assert [(bool(left[one].body), bool(left[one].context)) for one in ids] == [(False, False), (True, True)]
