"""Receiving one delivery in the caller's transaction: the way in for forms and the command line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, PortalRow, Received
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
    _must_be_open(portal)
    digest = ids.sha256_hex(body) if idempotency_key else ""
    delivery = Delivery(
        portal_id=portal.id,
        key=delivery_key(idempotency_key),
        body=body,
        digest=digest,
        content_type=content_type,
        context=context or {},
    )
    return _stored([delivery], lane, now)[0].submission_id


@transaction.atomic
def receive_several(
    *, portal: PortalRow, bodies: Mapping[str, bytes], now: datetime, context: Mapping[str, str]
) -> dict[str, int]:
    """Store deliveries by their idempotency keys and return their ids, as `receive` does for one. One statement."""
    _must_be_open(portal)
    deliveries = [
        Delivery(portal_id=portal.id, key=delivery_key(key), body=body, digest=ids.sha256_hex(body), context=context)
        for key, body in bodies.items()
    ]
    answers = _stored(deliveries, Lane.LIVE, now)
    return {key: one.submission_id for key, one in zip(bodies, answers, strict=True)}


def _must_be_open(portal: PortalRow) -> None:
    if not portal.is_on:
        raise Conflict("this portal is closed", field="portal", mend="Open it on the portals page")


def _stored(deliveries: Sequence[Delivery], lane: Lane, now: datetime) -> list[Received]:
    answers = inbox.store(deliveries, lane=lane, received_at=now)
    if any(answer.digest != one.digest for answer, one in zip(answers, deliveries, strict=True)):
        raise Conflict(
            "this idempotency key came before with another body",
            field="idempotency_key",
            mend="Use a new key for every new delivery",
        )
    return answers


def delivery_key(idempotency_key: str) -> str:
    """Return the key under which a delivery counts once; a random one when the sender gave none."""
    return f"key:{idempotency_key}" if idempotency_key else f"once:{ids.token(12)}"
