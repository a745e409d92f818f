"""Putting messages into the outbox: once per recipient and occasion, whoever asks and however often."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.kernel.text import one_line
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.outreach.contracts import Draft
from leadloop.outreach.facts import MessageQueued
from leadloop.outreach.rules.drafts import check_drafts

_COLUMNS = {
    "occasion": "text",
    "channel": "text",
    "purpose": "text",
    "person_id": "bigint",
    "user_id": "bigint",
    "about_person_id": "bigint",
    "lead_id": "bigint",
    "reply_to": "text",
    "language": "text",
    "subject": "text",
    "text": "text",
    "html": "text",
    "template_key": "text",
    "auto_answer": "bool",
    "not_before": "timestamptz",
}
_INSERT = f"""
insert into outreach_message ({", ".join(_COLUMNS)}, queued_at)
select {", ".join(_COLUMNS)}, %s
  from unnest({", ".join(f"%s::{kind}[]" for kind in _COLUMNS.values())})
       with ordinality as d ({", ".join(_COLUMNS)}, place)
 order by place
    on conflict (occasion, channel, person_id, user_id) do nothing
returning id, occasion, channel, person_id, user_id
"""


def queue(drafts: Sequence[Draft], *, actor: Actor, now: datetime) -> list[int | None]:
    """Put messages into the outbox; return the id of each, None where this occasion has been written about already.

    Whether a message may go out is asked when it goes, not here. Raises Invalid for a draft that could never be sent.
    Two queries for any number of drafts.
    """
    check_drafts(drafts)
    if not drafts:
        return []
    with transaction.atomic():
        made = _insert(drafts, now)
        facts = [
            MessageQueued(
                happened_at=now,
                person_id=draft.person_id,
                lead_id=draft.lead_id,
                message_id=made[key],
                channel=draft.channel,
                purpose=draft.purpose,
            )
            for key, draft in {_key(draft): draft for draft in reversed(drafts)}.items()
            if key in made
        ]
        record(facts, actor=actor)
    return [made.pop(_key(draft), None) for draft in drafts]


def _insert(drafts: Sequence[Draft], now: datetime) -> dict[tuple[Any, ...], int]:
    rows = [
        (
            d.occasion,
            str(d.channel),
            str(d.purpose),
            d.person_id,
            d.user_id,
            d.about_person_id,
            d.lead_id,
            d.reply_to.strip(),
            d.language,
            one_line(d.subject),
            d.text,
            d.html,
            d.template_key,
            d.auto_answer,
            d.not_before or now,
        )
        for d in drafts
    ]
    return {tuple(row[1:]): row[0] for row in fetch(_INSERT, [now, *columns(rows)])}


def _key(draft: Draft) -> tuple[Any, ...]:
    return (draft.occasion, str(draft.channel), draft.person_id, draft.user_id)
