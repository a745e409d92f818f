"""Putting the letters of confirmed mailings into the outbox, a batch at a time."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch, run
from leadloop.mailing.contracts import Recipient, State
from leadloop.mailing.facts import MailingWritten
from leadloop.mailing.letters import Around, Texts, around, keeper, letter, thawed
from leadloop.mailing.models import Mailing
from leadloop.mailing.queries import occasion
from leadloop.outreach import services as outreach
from leadloop.outreach.contracts import Draft, Purpose

_NEXT = """
select id, person_id, lead_id from mailing_recipient
 where mailing_id = %s and reason = '' and not is_written order by id limit %s
"""
_WRITTEN = """
update mailing_recipient r set is_written = true, reason = w.reason
  from unnest(%s::bigint[], %s::text[]) as w (id, reason) where r.id = w.id
"""
MERGED = "merged"


def write_due(*, limit: int, actor: Actor, now: datetime) -> int:
    """Write at most `limit` letters of the oldest confirmed mailing that nobody else writes; return how many.

    Nothing is decided here about who may be written to: the outbox asks again in the moment it sends, and no letter
    leaves before the mailing's hold is over. A person who was merged into another recipient meanwhile is left out. A
    constant number of queries.
    """
    with transaction.atomic():
        confirmed = Mailing.objects.filter(state=State.CONFIRMED).order_by("id")
        row = confirmed.select_for_update(skip_locked=True, of=("self",)).first()
        if row is None:
            return 0
        found = {rid: Recipient(person, lead) for rid, person, lead in fetch(_NEXT, [row.id, limit])}
        if found:
            _write(row, found, actor=actor, now=now)
        if len(found) < limit:
            row.state = State.WRITTEN
            row.save(update_fields=["state"])
            record([MailingWritten(happened_at=now, mailing_id=row.id, letters=row.wanted)], actor=actor)
    return len(found)


def _write(row: Mailing, found: dict[int, Recipient], *, actor: Actor, now: datetime) -> None:
    assert row.confirmed_by_id is not None, "a constraint of the table"
    known, texts = around(list(found.values()), row.confirmed_by_id, now=now), thawed(row.texts or [])
    drafts = [_draft(row, row.confirmed_by_id, one, known, texts) for one in found.values()]
    queued = outreach.queue(drafts, actor=actor, now=now)
    reasons = ["" if message_id else MERGED for message_id in queued]
    run(_WRITTEN, [list(found), reasons])
    if merged := reasons.count(MERGED):
        row.wanted, row.left_out = row.wanted - merged, row.left_out + merged
        row.save(update_fields=["wanted", "left_out"])


def _draft(row: Mailing, writer_id: int, one: Recipient, known: Around, texts: Texts) -> Draft:
    written, language = letter(one, known, texts, writer_id)
    answering = keeper(one, known, writer_id)
    return Draft(
        occasion=occasion(row.id),
        purpose=Purpose.MARKETING,
        person_id=known.persons[one.person_id].id,
        lead_id=one.lead_id,
        subject=written.subject or row.name,
        text=written.text,
        html=written.html,
        reply_to=answering.email if answering else "",
        language=language,
        template_key=row.template_key,
        not_before=row.go_at,
    )
