"""Drafting a mailing, and trying it out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor, by_user
from leadloop.ledger.services import record
from leadloop.mailing.contracts import Recipient
from leadloop.mailing.facts import MailingSaved
from leadloop.mailing.letters import around, letter, texts
from leadloop.mailing.models import Mailing
from leadloop.mailing.queries import mailing
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose
from leadloop.segments.queries import segment

LONGEST_NAME = 80


def save(*, name: str, segment_id: int, template_key: str, user_id: int, now: datetime) -> int:
    """Draft a mailing of a template to a segment; return its id. Nothing goes out.

    Raises Invalid for a name of the wrong form or a segment that was put away, NotFound for one or a template that
    is not there.
    """
    if not name.strip() or len(name) > LONGEST_NAME:
        raise Invalid("The name is missing or too long", field="name", mend=f"Use 1 to {LONGEST_NAME} characters")
    if segment(segment_id).archived_at is not None:
        raise Invalid("This segment was put away", field="segment_id", mend="Choose one from the list")
    texts(template_key)
    with transaction.atomic():
        row = Mailing.objects.create(
            name=one_line(name), segment_id=segment_id, template_key=template_key, made_by_id=user_id
        )
        fact = MailingSaved(happened_at=now, mailing_id=row.id, segment_id=segment_id, template_key=template_key)
        record([fact], actor=by_user(user_id))
    return int(row.id)


def try_out(*, mailing_id: int, like: Recipient, user_id: int, actor: Actor, now: datetime) -> int:
    """Send the letter as `like` would get it to a user, marked as a test; return the message's id."""
    row = mailing(mailing_id)
    known = around([like], user_id, now=now)
    written, language = letter(like, known, texts(row.template_key), user_id)
    draft = Draft(
        occasion=f"mailing-test:{mailing_id}:{now.isoformat()}",
        purpose=Purpose.INTERNAL,
        user_id=user_id,
        about_person_id=like.person_id,
        subject=f"Test: {written.subject}",
        text=written.text,
        html=written.html,
        language=language,
        template_key=row.template_key,
    )
    [message_id] = outreach.queue([draft], actor=actor, now=now)
    if message_id is None:
        raise Invalid("This test is on its way already", mend="Look into your mail")
    return message_id
