"""What states and reasons are called on the pages of mailings."""

from __future__ import annotations

from leadloop.mailing.contracts import State
from leadloop.outreach.contracts import State as Letter

STATES = {
    State.DRAFT: "Draft",
    State.CONFIRMED: "Being written",
    State.WRITTEN: "On its way or gone",
    State.STOPPED: "Stopped",
}
LETTERS = {
    Letter.QUEUED: "Waiting",
    Letter.SENDING: "Going out now",
    Letter.SENT: "Sent",
    Letter.UNKNOWN: "Handed over, no answer came",
    Letter.FAILED: "Could not be delivered",
    Letter.REFUSED: "Refused in the moment of sending",
    Letter.CANCELLED: "Taken back",
}
REASONS = {
    "no_address": "There is no address that works",
    "suppressed": "The address may not be used",
    "no_consent": "They have not agreed to it",
    "consent_withdrawn": "They have withdrawn their consent",
    "unsubscribed": "They unsubscribed",
    "marketing_off": "The contact policy allows no marketing at all",
    "always_quiet": "It is always night somewhere they may be",
    "daily_limit": "They were contacted as often as a day allows",
    "weekly_limit": "They were contacted as often as a week allows",
    "quiet_hours": "It is night where they are",
    "paused": "Their mail server refuses us at the moment",
    "merged": "They are the same person as another recipient",
    "stopped": "The mailing was stopped",
    "erased": "They were erased",
}


def reason(code: str) -> str:
    """A reason in words; the code as it is where we have none."""
    return REASONS.get(code, code.replace("_", " ").capitalize())
