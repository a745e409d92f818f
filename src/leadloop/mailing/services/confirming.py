"""Confirming a mailing: from then on its recipients and its words stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import transaction

from leadloop.kernel.decision import Decision
from leadloop.kernel.errors import Conflict
from leadloop.ledger.contracts import by_user
from leadloop.ledger.services import record
from leadloop.ledger.sql import run
from leadloop.mailing.audience import decisions, recipients
from leadloop.mailing.contracts import Counted, Recipient, State
from leadloop.mailing.facts import MailingConfirmed
from leadloop.mailing.letters import frozen, texts
from leadloop.mailing.rules import HOLD_SECONDS, check_confirmation, counted, left_out_because
from leadloop.mailing.services.locking import lock
from leadloop.outreach.contracts import Verdict
from leadloop.segments.queries import segment

_INSERT = """
insert into mailing_recipient (mailing_id, person_id, lead_id, reason)
select %s, person_id, lead_id, reason
  from unnest(%s::bigint[], %s::bigint[], %s::text[]) as r (person_id, lead_id, reason)
"""


def confirm(*, mailing_id: int, typed: int | None, user_id: int, now: datetime) -> Counted:
    """Settle who gets it and in which words; letters leave after the hold, if nobody stops it until then.

    Whoever may never be written to is kept with the reason. Raises Conflict for one that was confirmed already,
    Refused where nobody would get it, Invalid where the number must be typed and is another.
    """
    with transaction.atomic():
        row = lock(mailing_id)
        if row.state != State.DRAFT:
            raise Conflict("This mailing was confirmed already", mend="Look at what became of it")
        found = recipients(segment(row.segment_id), now)
        said = decisions(found, now)
        outcome = counted(said)
        check_confirmation(outcome.wanted, typed)
        _insert(mailing_id, found, said)
        go_at = now + timedelta(seconds=HOLD_SECONDS)
        row.state, row.texts = State.CONFIRMED, frozen(texts(row.template_key))
        row.wanted, row.left_out = outcome.wanted, outcome.left_out
        row.confirmed_by_id, row.confirmed_at, row.go_at = user_id, now, go_at
        row.save(update_fields=["state", "texts", "wanted", "left_out", "confirmed_by_id", "confirmed_at", "go_at"])
        fact = MailingConfirmed(
            happened_at=now,
            mailing_id=mailing_id,
            segment_id=row.segment_id,
            wanted=outcome.wanted,
            left_out=outcome.left_out,
            go_at=go_at.isoformat(),
        )
        record([fact], actor=by_user(user_id))
    return outcome


def _insert(mailing_id: int, found: Sequence[Recipient], said: Sequence[Decision[Verdict]]) -> None:
    people = [one.person_id for one in found]
    leads = [one.lead_id for one in found]
    run(_INSERT, [mailing_id, people, leads, [left_out_because(one) for one in said]])
