"""What the provider that sends our mail posts about it: bounces and complaints count as if they had come by mail."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from leadloop.capture import inbox
from leadloop.capture.contracts import Code, Delivery
from leadloop.capture.queries import portal, quarantined
from leadloop.ledger.contracts import Lane
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.people.queries import suppressed
from tests.stories.house import House
from tests.stories.test_mail import dana, post, write

__all__ = ["post"]
ADDRESS = "dana@acme.example"
MAIL_ID = "0000-ses"


def mailgun(kind: str, message_id: str) -> Any:
    said = {"hard": ("failed", "permanent"), "soft": ("failed", "temporary"), "complaint": ("complained", None)}
    event, severity = said.get(kind, ("opened", None))
    data = {"event": event, "recipient": ADDRESS, "timestamp": 1772442000.0}
    data |= {"message": {"headers": {"message-id": message_id.strip("<>")}}}
    data |= {"severity": severity, "reason": "bounce", "delivery-status": {"message": "no"}} if severity else {}
    return {"signature": {"token": f"{kind}-token", "timestamp": "1", "signature": "s"}, "event-data": data}


def postmark(kind: str, message_id: str) -> Any:
    said = {"hard": ("Bounce", "HardBounce"), "soft": ("Bounce", "SoftBounce")}
    record, type_ = said.get(kind, ("SpamComplaint" if kind == "complaint" else "Delivery", "SpamComplaint"))
    address = {"Email": ADDRESS} if record != "Delivery" else {"Recipient": ADDRESS}
    at = "2026-03-02T09:30:00Z"
    return {"RecordType": record, "Type": type_, "MessageID": "of-their-own", "ID": 7, "BouncedAt": at, **address}


def sendgrid(kind: str, message_id: str) -> Any:
    event = {"hard": "bounce", "soft": "deferred", "complaint": "spamreport"}.get(kind, "delivered")
    return [
        {"email": ADDRESS, "event": event, "smtp-id": message_id, "timestamp": 1772442000, "sg_event_id": kind}
        | ({"type": "bounce", "status": "5.1.1"} if kind == "hard" else {})
    ]


def amazon_ses(kind: str, message_id: str) -> Any:
    at = "2026-03-02T09:30:00.000Z"
    mail = {"messageId": MAIL_ID, "destination": [ADDRESS], "timestamp": at, "tags": {}}
    said: dict[str, Any] = {"mail": mail}
    if kind in ("hard", "soft"):
        bounce = {"bounceType": "Permanent" if kind == "hard" else "Transient", "bounceSubType": "General"}
        bounce |= {"bouncedRecipients": [{"emailAddress": ADDRESS}], "timestamp": at}
        said |= {"eventType": "Bounce", "bounce": bounce}
    elif kind == "complaint":
        complaint = {"complainedRecipients": [{"emailAddress": ADDRESS}], "timestamp": at}
        said |= {"eventType": "Complaint", "complaint": complaint}
    else:
        said |= {"eventType": "Delivery", "delivery": {"recipients": [ADDRESS], "timestamp": at}}
    return {"Type": "Notification", "MessageId": kind, "Message": orjson.dumps(said).decode(), "Timestamp": at}


WAYS = {"mailgun": mailgun, "postmark": postmark, "sendgrid": sendgrid, "amazon_ses": amazon_ses}


def told(house: House, way: str, body: Any, key: str) -> None:
    """The provider posts something, twice, as providers do."""
    made = Delivery(
        portal_id=portal("mail").id, key=key, body=orjson.dumps(body), content_type="application/json",
        context={"way": way},
    )  # fmt: skip
    for _ in range(2):
        inbox.store([made], lane=Lane.LIVE, received_at=house.now)
    house.run()


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    ("kind", "code", "came_back", "barred"),
    [
        ("hard", Code.BOUNCE, "hard", True),
        ("soft", Code.BOUNCE, "soft", False),
        ("complaint", Code.COMPLAINT, "complaint", True),
        ("arrived", Code.AUTOMATIC_MAIL, "", False),
    ],
)
def test_what_a_provider_tells_of_our_mail_counts(
    post: House, way: str, kind: str, code: Code, came_back: str, barred: bool
) -> None:
    lead = dana(post)
    message, message_id = write(post, lead)
    told(post, way, WAYS[way](kind, message_id), f"post:{way}:{kind}")
    assert fetch("select came_back from outreach_message where id = %s", [message]) == [(came_back,)]
    assert suppressed([ADDRESS], "email", "marketing") == ({ADDRESS} if barred else set())
    assert [held.code for held in quarantined(viewer=post.viewer("ada"))] == [code]
    assert (parked(), post.breaches()) == ([], [])


def test_a_post_that_is_no_news_waits_to_be_looked_at(post: House) -> None:
    told(post, "postmark", {"RecordType": "SubscriptionChange", "Recipient": ADDRESS}, "post:other")
    assert [held.code for held in quarantined(viewer=post.viewer("ada"))] == [Code.NO_LETTER]
