"""Stopping a mailing."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Conflict, Refused
from leadloop.ledger.contracts import by_user
from leadloop.ledger.services import record
from leadloop.mailing.contracts import State
from leadloop.mailing.facts import MailingStopped
from leadloop.mailing.models import Recipient
from leadloop.mailing.queries import occasion
from leadloop.mailing.services.locking import lock
from leadloop.outreach import services as outreach

STOPPED = "stopped"


def stop(*, mailing_id: int, user_id: int, now: datetime) -> int:
    """Take back every letter that has not begun to go out, and return how many that were.

    Within the hold that is all of them. Doing it again changes nothing. Raises Refused for a draft, Conflict when
    everything has gone out.
    """
    with transaction.atomic():
        row = lock(mailing_id)
        if row.state == State.DRAFT:
            raise Refused("This mailing was not confirmed", mend="There is nothing to stop")
        if row.state == State.STOPPED:
            return 0
        actor = by_user(user_id)
        waiting = Recipient.objects.filter(mailing_id=mailing_id, reason="", is_written=False)
        unwritten = waiting.update(reason=STOPPED)
        taken_back = outreach.cancel(occasion(mailing_id), reason=STOPPED, actor=actor, now=now)
        if not unwritten + taken_back:
            raise Conflict("Every letter of it has gone out", mend="Write to them again, if something was wrong")
        row.state, row.stopped_by_id, row.stopped_at = State.STOPPED, user_id, now
        row.wanted, row.left_out = row.wanted - unwritten, row.left_out + unwritten
        row.save(update_fields=["state", "stopped_by_id", "stopped_at", "wanted", "left_out"])
        fact = MailingStopped(happened_at=now, mailing_id=mailing_id, taken_back=taken_back, unwritten=unwritten)
        record([fact], actor=actor)
    return unwritten + taken_back
