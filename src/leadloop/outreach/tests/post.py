"""A real mail server on the loopback, told beforehand how to answer; and persons to write to."""

from __future__ import annotations

import socket
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from itertools import count
from typing import Any

from aiosmtpd.controller import Controller

from leadloop.ledger.contracts import by_system
from leadloop.outreach import services
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.outreach.smtp import SmtpSender
from leadloop.people import services as people
from leadloop.people.contracts import Channel, ConsentWord, ContactValue, NewPerson
from leadloop.platform.config import Mail
from tests.support.cast import MONDAY

BY: dict[str, Any] = {"actor": by_system("test"), "now": MONDAY}
_numbers = count(1)


@dataclass
class PostOffice:
    """What arrived, in order, and the answers it gives. `drop_after` breaks off once it has the whole text."""

    port: int
    arrived: list[tuple[str, bytes]] = field(default_factory=list)
    refuse: dict[str, str] = field(default_factory=dict)  # recipient or domain: answer to RCPT
    refuse_text: dict[str, str] = field(default_factory=dict)  # recipient: answer to the text
    refuse_sender: str = ""
    drop_at: set[str] = field(default_factory=set)  # recipients at whose RCPT the line breaks
    drop_after: set[str] = field(default_factory=set)
    on_arrival: Callable[[str], None] | None = None

    @property
    def recipients(self) -> list[str]:
        return [recipient for recipient, _ in self.arrived]

    @property
    def letters(self) -> list[EmailMessage]:
        """What arrived, read by the standard library."""
        return [message_from_bytes(data, policy=policy.default) for _, data in self.arrived]  # type: ignore[misc]

    @property
    def sender(self) -> SmtpSender:
        """A way to this server that has not failed before."""
        return SmtpSender(Mail(host="127.0.0.1", port=self.port, user="", password="", tls="none"))

    # aiosmtpd's names from here on
    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        envelope.mail_from = address
        return self.refuse_sender or "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:  # noqa: N802
        if address in self.drop_at:
            server.transport.abort()
        answer = self.refuse.get(address) or self.refuse.get(address.partition("@")[2])
        if answer is None:
            envelope.rcpt_tos.append(address)
        return answer or "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:  # noqa: N802
        [recipient] = envelope.rcpt_tos
        if recipient in self.refuse_text:
            return self.refuse_text[recipient]
        self.arrived.append((recipient, envelope.original_content))
        if self.on_arrival:
            self.on_arrival(recipient)
        if recipient in self.drop_after:
            server.transport.abort()
        return "250 OK"


@contextmanager
def post_office() -> Iterator[PostOffice]:
    """A server that runs while the block does."""
    office = PostOffice(free_port())
    controller = Controller(office, hostname="127.0.0.1", port=office.port, enable_SMTPUTF8=True)
    controller.start()
    try:
        yield office
    finally:
        controller.stop()


def free_port() -> int:
    """A port on which nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def person(
    email: str = "ana@acme.example",
    *,
    consent: bool = True,
    zone: str = "Europe/Berlin",
    country: str = "DE",
    language: str = "en",
) -> int:
    """Somebody with this address, who has agreed to marketing by e-mail unless said otherwise."""
    emails = (ContactValue(email, email.lower()),) if email else ()
    new = NewPerson(ref=0, given="Ana", family="Ruiz", zone=zone, country=country, language=language, emails=emails)
    person_id = people.remember([new], **BY)[0]
    if consent:
        word = ConsentWord(person_id=person_id, channel=Channel.EMAIL, purpose="marketing", wording="Yes, please")
        people.give_consent([word], **BY)
    return person_id


def draft(person_id: int | None, purpose: Purpose = Purpose.TRANSACTIONAL, **more: Any) -> Draft:
    """A message to somebody, for an occasion of its own."""
    known: dict[str, Any] = {"occasion": f"test:{next(_numbers)}", "subject": "Hello", "text": "Hello Ana\n"}
    return Draft(**{**known, "purpose": purpose, "person_id": person_id, **more})


def put(drafts: Draft | Sequence[Draft], now: datetime = MONDAY) -> list[int]:
    """Queue messages; return their ids."""
    batch = [drafts] if isinstance(drafts, Draft) else list(drafts)
    return [one for one in services.queue(batch, actor=BY["actor"], now=now) if one is not None]
