"""What a provider posts about mail we sent: that it came back, or was called spam. Read as a bounce by mail is."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from anymail.exceptions import AnymailError
from anymail.signals import EventType, RejectReason
from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
from anymail.webhooks.mailgun import MailgunTrackingWebhookView
from anymail.webhooks.postmark import PostmarkTrackingWebhookView
from anymail.webhooks.sendgrid import SendGridTrackingWebhookView
from django.core.exceptions import ImproperlyConfigured

from leadloop.capture.parse.mail.providers import Reader, request_of
from leadloop.kernel.text import email
from leadloop.outreach.contracts import Return, Returned

_MOST_EVENTS = 1_000


class _Mailgun(Reader, MailgunTrackingWebhookView):  # type: ignore[misc]  # anymail has no types
    pass


class _Postmark(Reader, PostmarkTrackingWebhookView):  # type: ignore[misc]  # as above
    pass


class _SendGrid(Reader, SendGridTrackingWebhookView):  # type: ignore[misc]  # as above
    pass


class _AmazonSES(Reader, AmazonSESTrackingWebhookView):  # type: ignore[misc]  # as above
    pass


_READERS: Mapping[str, Any] = {
    "mailgun": _Mailgun,
    "postmark": _Postmark,
    "sendgrid": _SendGrid,
    "amazon_ses": _AmazonSES,
}
_KINDS = {
    EventType.COMPLAINED: Return.COMPLAINT,
    EventType.BOUNCED: Return.HARD,
    EventType.DEFERRED: Return.SOFT,
    EventType.REJECTED: Return.BLOCKED,
}
_GONE = {RejectReason.BOUNCED, RejectReason.INVALID, None}
_NEWS = {*_KINDS, EventType.QUEUED, EventType.SENT, EventType.DELIVERED, EventType.OPENED, EventType.CLICKED}


def tracked(body: bytes, content_type: str, way: str) -> list[Returned] | None:
    """Return what came back, as this provider tells it; empty for other news of our mail, None for what is no news."""
    try:
        events = _READERS[way]().parse_events(request_of(body, content_type))[:_MOST_EVENTS]
        if not events or any(one.event_type not in _NEWS for one in events):
            return None
        return [report for one in events if (report := _report(one))]
    except (AnymailError, ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError):
        return None


def _report(event: Any) -> Returned | None:
    kind = _KINDS.get(event.event_type)
    norm = email(str(event.recipient or ""))
    if kind is None or not norm:
        return None
    if kind is Return.HARD and event.reject_reason not in _GONE:
        kind = Return.BLOCKED
    if kind is Return.HARD and _passes(event.esp_event):
        kind = Return.SOFT
    return Returned(kind=kind, message_id=str(event.message_id or ""), recipients=(norm,))


def _passes(said: Any) -> bool:
    """Whether the provider itself calls a bounce one that passes, where anymail tells both alike."""
    if not isinstance(said, Mapping):
        return False
    bounce = said.get("bounce")
    lasting = not isinstance(bounce, Mapping) or bounce.get("bounceType") == "Permanent"  # Amazon SES
    return said.get("Type") == "SoftBounce" or not lasting  # Postmark
