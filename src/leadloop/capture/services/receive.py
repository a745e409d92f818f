"""Receiving one delivery in the caller's transaction: the way in for forms and the command line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, PortalRow
from leadloop.kernel import ids
from leadloop.kernel.errors import Conflict
from leadloop.ledger.contracts import Lane


@transaction.atomic
def receive(
    *,
    portal: PortalRow,
    body: bytes,
    now: datetime,
    content_type: str = "application/json",
    context: Mapping[str, str] | None = None,
    idempotency_key: str = "",
    lane: Lane = Lane.LIVE,
) -> int:
    """Store a delivery unread and return its id; the same idempotency key gives the same id again.

    Conflict when the key came before with another body, or the portal is closed.
    """
    if not portal.is_on:
        raise Conflict("this portal is closed", field="portal", mend="Open it on the portals page")
    digest = ids.sha256_hex(body) if idempotency_key else ""
    delivery = Delivery(
        portal_id=portal.id,
        key=delivery_key(idempotency_key),
        body=body,
        digest=digest,
        content_type=content_type,
        context=context or {},
    )
    answer = inbox.store([delivery], lane=lane, received_at=now)[0]
    if answer.digest != digest:
        raise Conflict(
            "this idempotency key came before with another body",
            field="idempotency_key",
            mend="Use a new key for every new delivery",
        )
    return answer.submission_id


def delivery_key(idempotency_key: str) -> str:
    """Return the key under which a delivery counts once; a random one when the sender gave none."""
    return f"key:{idempotency_key}" if idempotency_key else f"once:{ids.token(12)}"
