"""Handing one message over, and what its server's answer makes of it."""

from __future__ import annotations

import random
from datetime import datetime
from typing import Any

from leadloop.kernel.text import domain_of
from leadloop.outreach.contracts import State
from leadloop.outreach.mail import Mail, Origin, envelope_address, to_bytes
from leadloop.outreach.rules.answers import GIVE_UP_AFTER, Outcome, Reply, code_of, understand, wait_before
from leadloop.outreach.services.parts import Admitted, Leased, Result
from leadloop.outreach.smtp import Letter
from leadloop.outreach.tokens import unsubscribe_url


def letter_for(admitted: Admitted, origin: Origin, at: datetime) -> Letter | None:
    """The message as the wire wants it; None when the address is none."""
    message = admitted.message
    address = envelope_address(admitted.address)
    if address is None:
        return None
    mail = Mail(
        to=address,
        subject=message.subject,
        text=message.text,
        html=message.html,
        message_id=message.message_id,
        at=at,
        purpose=message.purpose,
        reply_to=message.reply_to,
        language=admitted.language,
        auto_answer=message.auto_answer,
        unsubscribe_url=unsubscribe_url(message.id) if message.is_marketing else "",
    )
    return Letter(origin.address, address, to_bytes(mail, origin))


def result_of(admitted: Admitted, reply: Reply, now: datetime) -> tuple[Outcome, Result]:
    """What an answer means, and the row that says so. Times of further tries are spread at random."""
    message, outcome = admitted.message, understand(reply)
    if outcome is Outcome.SENT:
        return outcome, _result(message, State.SENT, now)
    if outcome is Outcome.UNKNOWN:
        return outcome, _unknown(message, now)
    if outcome in {Outcome.LATER, Outcome.LINE}:
        return outcome, _later(message, f"{outcome}: {code_of(reply)}", now)
    return outcome, _result(
        message,
        State.FAILED,
        now,
        detail=f"{outcome}: {code_of(reply)}",
        bounced=admitted.norm if outcome is Outcome.NO_MAILBOX and message.person_id is not None else "",
        refusing=domain_of(admitted.norm) if outcome is Outcome.POLICY and message.is_marketing else "",
    )


def bad_address(message: Leased, now: datetime) -> Result:
    """For an address that no server would take."""
    return _result(message, State.FAILED, now, detail="bad_address")


def put_back(message: Leased, now: datetime, *, not_before: datetime | None = None) -> Result:
    """For a message that was not handed over: it waits in the outbox as before, or until a given time."""
    return _result(message, State.QUEUED, now, not_before=not_before)


def _unknown(message: Leased, now: datetime) -> Result:
    if message.is_marketing or message.repeated:
        return _result(message, State.UNKNOWN, now, detail="no_answer")
    again_at = now + wait_before(1, random.random())  # noqa: S311 - spreads retries only
    return _result(message, State.QUEUED, now, detail="no_answer", not_before=again_at, repeat=True)


def _later(message: Leased, detail: str, now: datetime) -> Result:
    if message.first_tried_at is not None and now - message.first_tried_at >= GIVE_UP_AFTER:
        return _result(message, State.FAILED, now, detail=f"expired: {detail}", attempts=1)
    wait = wait_before(message.attempts + 1, random.random())  # noqa: S311 - spreads retries only
    return _result(message, State.QUEUED, now, detail=detail, not_before=now + wait, attempts=1)


def _result(message: Leased, state: State, now: datetime, **more: Any) -> Result:
    return Result(id=message.id, fence=message.fence, state=state, at=now, **more)
