"""Handing messages to a mail server, step by step, so that we always know how far it came."""

from __future__ import annotations

import random
import re
import smtplib
import ssl
import time
from contextlib import suppress
from typing import Protocol

from django.conf import settings

from leadloop.kernel.errors import Unavailable
from leadloop.kernel.values import dataclass
from leadloop.outreach.rules.answers import CLOSING, Phase, Reply
from leadloop.platform.config import Mail

PATIENCE = 30.0  # seconds for each step
LAST_PATIENCE = 300.0  # for the answer to the whole text; shorter would make unknown what only takes its time
SHORTEST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
_LEADING_DOT = re.compile(rb"^\.", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Letter:
    """A message as the wire wants it: bare envelope addresses, and the text with CRLF line ends."""

    sender: str
    recipient: str
    data: bytes


class Session(Protocol):
    """An open line to a mail server."""

    def send(self, letter: Letter) -> Reply:
        """Hand one letter over and return the answer; never raises. After code 0 the line is dead."""
        ...

    def close(self) -> None:
        """Say goodbye; never raises."""
        ...


class Sender(Protocol):
    """A way to a mail server; one per process, so that it can remember how it fared."""

    def connect(self) -> Session:
        """Open a line. Raises Unavailable when the server can't be used, or when it is too early to try again."""
        ...


def sender() -> SmtpSender | None:
    """The way out that LEADLOOP_EMAIL_URL names; None when it names none, and messages stay in the outbox."""
    mail = settings.CONFIG.mail()
    return SmtpSender(mail) if mail else None


class SmtpSender:
    """Connects to one server; after a failure it waits before it tries again, longer each time, never in step."""

    def __init__(self, mail: Mail) -> None:
        self._mail = mail
        self._failures = 0
        self._not_before = 0.0

    def connect(self) -> SmtpSession:
        """See `Sender`."""
        if time.monotonic() < self._not_before:
            raise Unavailable("The mail server could not be reached a moment ago", mend="It is tried again by itself")
        try:
            server = _dial(self._mail)
        except (OSError, smtplib.SMTPException) as error:
            self._failures += 1
            pause = min(SHORTEST_PAUSE * 2**self._failures, LONGEST_PAUSE)
            self._not_before = time.monotonic() + pause * (0.5 + random.random())  # noqa: S311 - spreads retries only
            raise Unavailable(
                f"The mail server {self._mail.host} can't be used: {_why(error)}",
                mend="Check LEADLOOP_EMAIL_URL and whether the server runs",
            ) from error
        self._failures, self._not_before = 0, 0.0
        return SmtpSession(server)


class SmtpSession:
    """One connection. `smtplib.SMTP.sendmail` would hide in which step a line broke, so the steps are taken here."""

    def __init__(self, server: smtplib.SMTP) -> None:
        self._server = server

    def send(self, letter: Letter) -> Reply:
        """See `Session`."""
        phase = Phase.SENDER
        try:
            wide = not letter.recipient.isascii()
            if wide and not self._server.has_extn("smtputf8"):
                return Reply(Phase.RECIPIENT, 553, "5.6.7 this server takes no such address")
            reply = self._step(phase, 250, f"MAIL FROM:<{letter.sender}>{' SMTPUTF8 BODY=8BITMIME' if wide else ''}")
            phase = Phase.RECIPIENT
            reply = reply or self._step(phase, 250, f"RCPT TO:<{letter.recipient}>")
            phase = Phase.TEXT
            reply = reply or self._step(phase, 354, "DATA")
            if reply:
                self._reset(reply)
                return reply
            phase = Phase.END
            return self._hand_over(letter.data)
        except (OSError, smtplib.SMTPException) as error:
            self.close()
            return Reply(phase, 0, type(error).__name__)

    def close(self) -> None:
        """See `Session`."""
        with suppress(OSError, smtplib.SMTPException):
            if self._server.sock is not None:
                self._server.sock.settimeout(1)
                self._server.quit()
        self._server.close()

    def _step(self, phase: Phase, expected: int, command: str) -> Reply | None:
        """Say something; return the answer only when it is not the one that lets us go on."""
        self._server.putcmd(command)
        code, text = self._server.getreply()
        if code == expected or (expected == 250 and code == 251):
            return None
        return Reply(phase, max(code, 0), text.decode("utf-8", "replace"))

    def _hand_over(self, data: bytes) -> Reply:
        body = data if data.endswith(b"\r\n") else data + b"\r\n"
        self._server.send((_LEADING_DOT.sub(b"..", body) if b"\n." in body else body) + b".\r\n")
        if self._server.sock is not None:
            self._server.sock.settimeout(LAST_PATIENCE)
        code, text = self._server.getreply()
        if self._server.sock is not None:
            self._server.sock.settimeout(PATIENCE)
        return Reply(Phase.END, max(code, 0), text.decode("utf-8", "replace"))

    def _reset(self, reply: Reply) -> None:
        """Make ready for the next letter. If that fails, the next letter will find the line dead."""
        if reply.code and reply.code != CLOSING:
            with suppress(OSError, smtplib.SMTPException):
                self._server.rset()


def _dial(mail: Mail) -> smtplib.SMTP:
    server: smtplib.SMTP
    if mail.tls == "implicit":
        safe = ssl.create_default_context()
        server = smtplib.SMTP_SSL(mail.host, mail.port, local_hostname="localhost", timeout=PATIENCE, context=safe)
    else:
        server = smtplib.SMTP(mail.host, mail.port, local_hostname="localhost", timeout=PATIENCE)
    try:
        server.ehlo_or_helo_if_needed()
        if mail.tls == "starttls":
            server.starttls(context=ssl.create_default_context())
            server.ehlo()
        server.command_encoding = "utf-8"  # for addresses beyond ASCII, where the server takes them
        if mail.user:
            server.login(mail.user, mail.password)
    except BaseException:
        server.close()
        raise
    return server


def _why(error: Exception) -> str:
    """The kind of failure; a server's words could repeat what was sent, so only its code is shown."""
    code = getattr(error, "smtp_code", None)
    return f"it answered {code}" if code else type(error).__name__
