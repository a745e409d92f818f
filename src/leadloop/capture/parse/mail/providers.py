"""Taking an e-mail out of what a provider posts: each has a form of its own, which anymail knows."""

from __future__ import annotations

from collections.abc import Mapping
from email import message_from_bytes
from email.message import Message
from email.policy import HTTP
from io import BytesIO
from typing import Any
from urllib.parse import parse_qsl

from anymail.exceptions import AnymailError
from anymail.webhooks.amazon_ses import AmazonSESInboundWebhookView
from anymail.webhooks.mailgun import MailgunInboundWebhookView
from anymail.webhooks.postmark import PostmarkInboundWebhookView
from anymail.webhooks.sendgrid import SendGridInboundWebhookView
from django.core.exceptions import ImproperlyConfigured
from django.core.files.uploadedfile import InMemoryUploadedFile
from django.http import HttpRequest, QueryDict
from django.utils.datastructures import MultiValueDict

from leadloop.capture.contracts import Code
from leadloop.capture.parse.body import BodyError

_MOST_FIELDS = 1_000


class Reader:
    """Who posts was asked at our own door, so a view is used for reading alone and needs no settings."""

    auto_confirm_enabled = False

    def __init__(self) -> None:
        pass


class _Mailgun(Reader, MailgunInboundWebhookView):  # type: ignore[misc]  # anymail has no types
    pass


class _Postmark(Reader, PostmarkInboundWebhookView):  # type: ignore[misc]  # as above
    pass


class _SendGrid(Reader, SendGridInboundWebhookView):  # type: ignore[misc]  # as above
    pass


class _AmazonSES(Reader, AmazonSESInboundWebhookView):  # type: ignore[misc]  # as above
    pass


READERS: Mapping[str, Any] = {
    "mailgun": _Mailgun,
    "postmark": _Postmark,
    "sendgrid": _SendGrid,
    "amazon_ses": _AmazonSES,
}


def mime_of(body: bytes, content_type: str, way: str) -> bytes:
    """Return the e-mail within a post of this provider. Raises BodyError where there is none."""
    try:
        events = READERS[way]().parse_events(request_of(body, content_type))
        return _bytes_of(events[0].message)
    except (AnymailError, ImproperlyConfigured, ValueError, LookupError, TypeError, AttributeError):
        raise BodyError(Code.NO_LETTER) from None


def _bytes_of(message: Message) -> bytes:
    """The message as bytes, the same each time: a boundary between parts would otherwise be drawn by lot."""
    for place, part in enumerate(message.walk()):
        if part.is_multipart() and part.get_content_maintype() == "multipart" and part.get_boundary() is None:
            part.set_boundary(f"=_part_{place}")
    return message.as_bytes()


def request_of(body: bytes, content_type: str) -> HttpRequest:
    """Return a request with this body, its form read by ourselves: Django's limit is for pages, not for mail."""
    request = HttpRequest()
    request.method = "POST"
    request.META = {"CONTENT_TYPE": content_type}
    request.content_type = content_type.partition(";")[0].strip().lower()
    request.encoding = "utf-8"
    fields, files = _form(body, content_type, request.content_type)
    made: Any = request
    made._body, made.POST, made.FILES = body, fields, files
    return request


def _form(body: bytes, content_type: str, kind: str) -> tuple[QueryDict, MultiValueDict[str, Any]]:
    fields = QueryDict(mutable=True)
    files: MultiValueDict[str, Any] = MultiValueDict()
    if kind == "application/x-www-form-urlencoded":
        for name, value in parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True)[:_MOST_FIELDS]:
            fields.appendlist(name, value)
    elif kind == "multipart/form-data":
        head = f"Content-Type: {content_type}\r\n\r\n".encode("ascii", "replace")
        for part in _parts(message_from_bytes(head + body, policy=HTTP)):
            _add(part, fields, files)
    return fields, files


def _parts(form: Message) -> list[Message]:
    held = form.get_payload()
    return [part for part in held if isinstance(part, Message)][:_MOST_FIELDS] if isinstance(held, list) else []


def _add(part: Message, fields: QueryDict, files: MultiValueDict[str, Any]) -> None:
    name = str(part.get_param("name", "", header="content-disposition"))
    raw = part.get_payload(decode=True)
    content = raw.removesuffix(b"\r\n") if isinstance(raw, bytes) else part.as_bytes().partition(b"\n\n")[2]
    file_name = part.get_filename()
    if file_name is None:
        fields.appendlist(name, content.decode("utf-8", "replace"))
        return
    kind = part.get_content_type()
    files.appendlist(
        name, InMemoryUploadedFile(BytesIO(content), name, file_name, kind, len(content), None, _charset(part))
    )


def _charset(part: Message) -> dict[str, bytes]:
    said = part.get_content_charset()
    return {"charset": said.encode("ascii", "replace")} if said else {}
