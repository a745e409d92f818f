"""Whether somebody is asked by mail to confirm a consent."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.kernel.values import dataclass

VALID = timedelta(days=14)  # how long the link in the mail can be used
AGAIN_AFTER = timedelta(days=1)  # an address gets no second mail of one portal sooner, however often it is entered


@dataclass(frozen=True, slots=True)
class Before:
    """What is known of earlier times: when this address was last asked for this source, and what was confirmed.

    `confirmed` is the wording that the person confirmed last, None for none; `ruling` state and wording that rule now.
    """

    asked_at: datetime | None = None
    confirmed: str | None = None
    ruling: tuple[str, str] | None = None


def must_ask(before: Before, wording: str, now: datetime) -> bool:
    """Tell whether a mail goes out. Being known is no reason not to ask; having confirmed these very words is.

    Who has taken that back is asked again, and nobody is asked twice within a day.
    """
    if before.asked_at is not None and before.asked_at > now - AGAIN_AFTER:
        return False
    return not (before.confirmed == wording and before.ruling == ("given", wording))
