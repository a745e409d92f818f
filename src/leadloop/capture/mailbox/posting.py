"""Mail that a provider posts: who may, and storing it before it is read."""

from __future__ import annotations

import hmac
from base64 import b64decode
from binascii import Error as Base64Error
from datetime import datetime

from anymail.exceptions import AnymailError
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from django.core.exceptions import SuspiciousOperation
from django.db import transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, PortalKind, PortalRow
from leadloop.capture.mailbox.contracts import Way
from leadloop.capture.mailbox.key import key_of
from leadloop.capture.mailbox.secret import disclosed
from leadloop.capture.models import Mailbox, Portal
from leadloop.capture.parse.body import BodyError
from leadloop.capture.parse.mail.providers import mime_of, request_of
from leadloop.capture.queries.portals import portals
from leadloop.kernel import ids
from leadloop.kernel.errors import Forbidden, NotFound
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Lane


@dataclass(frozen=True, slots=True)
class Post:
    """A portal that a provider may post to: which provider, and by what it shows that it may."""

    portal: PortalRow
    way: Way
    token_digest: str
    signing_key: str


def authenticate(slug: str, *, authorization: str, body: bytes, content_type: str) -> Post:
    """Return the portal of this slug for a provider that may post to it.

    It shows the portal's secret as the password of basic authentication; Mailgun may sign instead, where its signing
    key is known. Raises NotFound when there is no such open portal, Forbidden when neither holds.
    """
    post = _post(slug)
    if post.token_digest and hmac.compare_digest(ids.sha256_hex(_password(authorization)), post.token_digest):
        return post
    if post.way is Way.MAILGUN and post.signing_key and _is_signed(post.signing_key, body, content_type):
        return post
    raise Forbidden("The portal's secret is missing or wrong", mend="Put it into the address: https://mail:<secret>@…")


@transaction.atomic
def take_in(post: Post, *, body: bytes, content_type: str, now: datetime) -> int:
    """Store what was posted, whole and as it came; return its id, the same for the same message.

    A provider that tries again wraps the message in another signature, so it is known by the message within.
    """
    try:
        key = key_of(mime_of(body, content_type, post.way))
    except BodyError:
        key = f"post:{ids.sha256_hex(body)}"  # it is read later, where somebody can look at it
    delivery = Delivery(
        portal_id=post.portal.id,
        key=key,
        body=body,
        content_type=content_type[:200],
        context={"way": str(post.way)},
    )
    return inbox.store([delivery], lane=Lane.LIVE, received_at=now)[0].submission_id


def _post(slug: str) -> Post:
    found = next((one for one in portals().values() if slug in (one.slug, one.key)), None)
    row = Mailbox.objects.filter(portal_id=found.id).values_list("way", "secret").first() if found else None
    if not found or not found.is_on or found.kind is not PortalKind.MAIL or not row or row[0] == Way.IMAP:
        raise NotFound("There is no such portal", field="portal", mend="Check the address")
    digest = Portal.objects.values_list("token_digest", flat=True).get(id=found.id)
    return Post(found, Way(row[0]), digest, disclosed(row[1]))


def _password(authorization: str) -> str:
    """The password of basic authentication, whatever the user is called; "" where there is none."""
    scheme, _, given = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(given.strip(), validate=True).decode("utf-8", "replace").partition(":")[2]
    except (Base64Error, ValueError):
        return ""


def _is_signed(key: str, body: bytes, content_type: str) -> bool:
    try:
        MailgunInboundWebhookView(webhook_signing_key=key).run_validators(request_of(body, content_type))
    except (AnymailError, SuspiciousOperation, ValueError, UnicodeError):
        return False
    return True
