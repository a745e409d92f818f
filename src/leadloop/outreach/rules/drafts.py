"""What may be put into the outbox."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import email, one_line
from leadloop.outreach.contracts import Channel, Draft, Limits, Purpose

LONGEST_OCCASION = 200
MOST_CONTACTS = 100


def check_drafts(drafts: Iterable[Draft]) -> None:
    """Raise Invalid for a draft without occasion, text or exactly one recipient, or with no way out."""
    for draft in drafts:
        if not draft.occasion or one_line(draft.occasion, LONGEST_OCCASION) != draft.occasion:
            raise Invalid(
                "the occasion is missing or too long", field="occasion", mend="Use a key such as ack:inquiry:17"
            )
        if draft.channel is not Channel.EMAIL:
            raise Invalid(f"{draft.channel} can't be sent from here", field="channel", mend="Use email")
        _check_recipient(draft)
        if not one_line(draft.subject) or not draft.text.strip():
            raise Invalid("a message needs a subject and a text", field="text", mend="Fill in both")
        if draft.reply_to and email(draft.reply_to) is None:
            raise Invalid("this is no e-mail address", field="reply_to", mend="Correct or leave it out")


def _check_recipient(draft: Draft) -> None:
    if (draft.person_id is None) == (draft.user_id is None):
        raise Invalid("a message goes to one person or one user", field="recipient", mend="Name exactly one")
    if (draft.purpose is Purpose.INTERNAL) != (draft.user_id is not None):
        raise Invalid("internal messages go to users, others to persons", field="purpose", mend="Change one of the two")


def check_limits(limits: Limits) -> None:
    """Raise Invalid for limits outside 0 to 100, or fewer contacts per week than per day."""
    for field, limit in (("per_day", limits.per_day), ("per_week", limits.per_week)):
        if not 0 <= limit <= MOST_CONTACTS:
            raise Invalid("this is no limit", field=field, mend=f"Give 0 (none at all) to {MOST_CONTACTS}")
    if limits.per_week < limits.per_day:
        raise Invalid("a week can't allow less than a day", field="per_week", mend="Raise it, or lower the daily limit")
