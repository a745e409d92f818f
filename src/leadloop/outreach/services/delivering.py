"""One run of delivery: lease, admit, hand over, settle. No transaction is open while a server is spoken to."""

from __future__ import annotations

import time
from collections import Counter, deque
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import DatabaseError

from leadloop.kernel.errors import Unavailable
from leadloop.kernel.text import domain_of
from leadloop.outreach.contracts import DeliveryCount, State
from leadloop.outreach.mail import Origin, origin
from leadloop.outreach.queries import NO_SERVER, pauses, why_held
from leadloop.outreach.rules.answers import Outcome
from leadloop.outreach.rules.pace import FIRST_STRIDE, next_stride
from leadloop.outreach.services.admitting import admit
from leadloop.outreach.services.beginning import begin
from leadloop.outreach.services.handing import bad_address, letter_for, put_back, result_of
from leadloop.outreach.services.leasing import anything_due, lease
from leadloop.outreach.services.parts import LEASE, Admitted, Leased, Result
from leadloop.outreach.services.settling import settle
from leadloop.outreach.smtp import Sender, Session
from leadloop.platform import queries as platform

LINE_BROKE = "The mail server broke off; what is left goes out with the next run"
NO_DATABASE = "The database could not be reached; what is left goes out with the next run"


def deliver(*, limit: int, now: datetime, sender: Sender | None) -> DeliveryCount:
    """Send up to `limit` messages that are due over one connection, and say what became of them.

    Never inside a transaction: each step commits. Several processes may run it at once. Does nothing while sending is
    on hold, no server is set (`sender` None) or the server can't be reached; the answer says which.
    """
    if sender is None:
        return DeliveryCount(held=NO_SERVER)
    if held := why_held(platform.company_now()):
        return DeliveryCount(held=held)
    bulk = "" not in pauses(now)
    if not anything_due(now, bulk=bulk):
        return DeliveryCount()
    try:
        session = sender.connect()
    except Unavailable as error:
        return DeliveryCount(held=str(error))
    try:
        run = _Run(session, origin(settings.CONFIG.email_from), now)
        return run.through(lease(limit=limit, now=now, domain=run.origin.domain, bulk=bulk))
    finally:
        session.close()


class _Run:
    """The state of one run: the line, the time, what is counted, and domains that asked us to wait."""

    def __init__(self, session: Session, origin: Origin, now: datetime) -> None:
        self.origin = origin
        self._session = session
        self._began, self._clock = now, time.monotonic()
        self._count: Counter[str] = Counter()
        self._slow: dict[str, datetime] = {}
        self._held = ""

    def through(self, batch: Sequence[Leased]) -> DeliveryCount:
        """Take the batch through in strides; what can't be sent any more goes back into the outbox."""
        waiting, size = deque(batch), FIRST_STRIDE
        while waiting and not self._over():
            stride = _take(waiting, size)
            admission = admit(stride, now=self._now())
            self._count.update(refused=admission.refused, postponed=admission.postponed)
            self._held = admission.held
            if admission.held:
                waiting.extendleft(reversed(stride))
                break
            started = time.monotonic()
            settle([result for one in admission.go if (result := self._hand_over(one))])
            size = next_stride(len(stride), time.monotonic() - started)
        settle([put_back(message, self._now()) for message in waiting])
        self._count["put_off"] += len(waiting)
        return DeliveryCount(**self._count, held=self._held)

    def _hand_over(self, admitted: Admitted) -> Result | None:
        """Send one message; None when it has been taken back meanwhile."""
        now, message, domain = self._now(), admitted.message, domain_of(admitted.norm)
        if self._over() or domain in self._slow:
            self._count["put_off"] += 1
            return put_back(message, now, not_before=self._slow.get(domain))
        letter = letter_for(admitted, self.origin, now)
        if letter is None:
            self._count["failed"] += 1
            return bad_address(message, now)
        if not self._begin(admitted, now):
            return put_back(message, now) if self._held else None
        outcome, result = result_of(admitted, self._session.send(letter), self._now())
        if outcome in {Outcome.LINE, Outcome.UNKNOWN}:
            self._held = LINE_BROKE
        if outcome is Outcome.LATER and result.not_before:
            self._slow[domain] = result.not_before
        self._count[_COUNTED_AS.get(result.state, "put_off")] += 1
        return result

    def _begin(self, admitted: Admitted, now: datetime) -> bool:
        """Mark the message as begun. Without the database the run ends; what it has done so far is still written."""
        try:
            return admitted.has_begun or begin(admitted.message, now=now)
        except DatabaseError:
            self._held = NO_DATABASE
            return False

    def _over(self) -> bool:
        """True when nothing more is to be handed over: something holds it, or the leases grow old."""
        return bool(self._held) or self._now() - self._began >= LEASE / 2

    def _now(self) -> datetime:
        """The given moment plus the time that has passed since."""
        return self._began + timedelta(seconds=time.monotonic() - self._clock)


_COUNTED_AS = {State.SENT: "sent", State.FAILED: "failed", State.UNKNOWN: "unknown"}


def _take(waiting: deque[Leased], size: int) -> list[Leased]:
    """The next message alone, or as many marketing messages as fit a stride.

    Answers are few, and each is decided in the very moment it goes. A campaign is decided stride by stride.
    """
    stride = [waiting.popleft()]
    while stride[0].is_marketing and waiting and len(stride) < size:
        stride.append(waiting.popleft())
    return stride
