"""Reading mailboxes: claim one that is due, store what came, then mark it. Whatever breaks off is gone on with.

A message is stored, and the position moved, in one commit; only then is it marked in the mailbox. Whoever dies between
leaves it unread there: it is fetched again, known by its key, and marked.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

import structlog
from django.db import transaction

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery
from leadloop.capture.mailbox.contracts import LONGEST_MAIL
from leadloop.capture.mailbox.key import key_of
from leadloop.capture.mailbox.line import Fetched, Line, opened
from leadloop.capture.mailbox.saving import account_of
from leadloop.kernel import clock
from leadloop.kernel.errors import Unavailable
from leadloop.ledger.contracts import Lane
from leadloop.ledger.sql import fetch, run

log = structlog.get_logger()

EVERY = timedelta(minutes=1)
LONGEST_PAUSE = timedelta(hours=1)
LEASE = timedelta(minutes=5)  # longer than one turn takes; whoever died is followed after it
MOST = 200  # messages in one turn
TOGETHER, TOGETHER_BYTES = 50, 16 * 1024 * 1024  # stored in one commit
CUT = 256 * 1024  # bytes of a message too large to take over
OVERLAP = timedelta(days=2)  # of what is looked at again when the numbers of a folder begin anew
_NAMES = (
    "id", "portal_id", "host", "port", "tls", "login", "secret", "folder", "done_folder", "uid_validity", "last_uid",
    "failures", "ok_at", "created_at",
)  # fmt: skip
_CLAIM = f"""
update capture_mailbox set lease_until = %s
 where id = (select m.id from capture_mailbox m join capture_portal p on p.id = m.portal_id
              where m.way = 'imap' and p.is_on and m.next_at <= %s and coalesce(m.lease_until <= %s, true)
              order by m.next_at, m.id limit 1 for update of m skip locked)
returning {", ".join(_NAMES)}
"""
_POSITION = """
update capture_mailbox m
   set last_uid = case when m.uid_validity is not distinct from given.era then greatest(m.last_uid, given.uid)
                       else given.uid end,
       uid_validity = given.era, took_at = coalesce(given.took_at, m.took_at)
  from (values (%s::bigint, %s::bigint, %s::bigint, %s::timestamptz)) as given (id, era, uid, took_at)
 where m.id = given.id
"""
_WELL = """
update capture_mailbox set lease_until = null, failures = 0, error = '', error_at = null, ok_at = %s, next_at = %s
 where id = %s and lease_until = %s
"""
_ILL = """
update capture_mailbox set lease_until = null, failures = failures + 1, error = %s, error_at = %s, next_at = %s
 where id = %s and lease_until = %s
"""
Box = dict[str, Any]


def poll() -> int:
    """Read one mailbox that is due; return how many messages were taken. Never inside a transaction.

    Several processes may do so at once, each mailbox by one at a time. What goes wrong stands on the mailbox, in
    words; it is tried again after pauses that grow to an hour.
    """
    now = clock.now()
    lease = now + LEASE
    rows = fetch(_CLAIM, [lease, now, now])
    if not rows:
        return 0
    box: Box = dict(zip(_NAMES, rows[0], strict=True))
    try:
        with opened(account_of(box)) as line:
            taken, more = _take(line, box)
    except Unavailable as error:
        pause = min(EVERY * 2 ** min(box["failures"], 10), LONGEST_PAUSE)
        run(_ILL, [str(error), now, now + pause, box["id"], lease])
        log.warning("mailbox not read", portal=box["portal_id"], error=error.problem, failures=box["failures"] + 1)
        return 0
    run(_WELL, [now, now if more else now + EVERY, box["id"], lease])
    return taken


def _take(line: Line, box: Box) -> tuple[int, bool]:
    """Store what is new and mark it; return how much that was, and whether there is more."""
    era, position = line.state.uid_validity, box["last_uid"]
    if box["uid_validity"] is None:  # the first look: what was read before is not ours
        position = line.state.uid_next - 1
        _move(box, era, position, stored=0)
        waiting = line.unread()
    elif box["uid_validity"] != era:  # the numbers began anew: what is known is known by its key
        position = 0
        waiting = [*line.since(_again_from(box)), *line.unread()]
    else:
        waiting = [*line.behind(position), *line.unread()]
    ordered = sorted(set(waiting))
    now_due, later = ordered[:MOST], ordered[MOST:]
    sizes = line.sizes(now_due)
    for uids in _batches([uid for uid in now_due if uid in sizes], sizes):
        found = [one for uid in uids if (one := line.fetch(uid, size=sizes[uid], most=_most(sizes[uid])))]
        _store(box, era, found)
        line.done([one.uid for one in found])
    return len(sizes), bool(later)


def _again_from(box: Box) -> date:
    begun: datetime = box["created_at"]
    last: datetime = box["ok_at"] or begun
    return max(begun, last - OVERLAP).date()


def _most(size: int) -> int:
    return LONGEST_MAIL if size <= LONGEST_MAIL else CUT


def _batches(uids: Sequence[int], sizes: dict[int, int]) -> list[list[int]]:
    """Messages in their order, few and small enough to be stored together."""
    batches: list[list[int]] = []
    size = 0
    for uid in uids:
        size += min(sizes[uid], LONGEST_MAIL)
        if not batches or len(batches[-1]) == TOGETHER or size > TOGETHER_BYTES:
            batches.append([])
            size = min(sizes[uid], LONGEST_MAIL)
        batches[-1].append(uid)
    return batches


def _store(box: Box, era: int, found: Sequence[Fetched]) -> None:
    """Store messages and move the position, in one commit."""
    if not found:
        return
    deliveries = [_delivery(box, one) for one in found]
    with transaction.atomic():
        stored = inbox.store(deliveries, lane=Lane.LIVE, received_at=clock.now())
        _move(box, era, max(one.uid for one in found), stored=sum(not one.known for one in stored))
    log.info("mail stored", portal=box["portal_id"], messages=len(found), new=sum(not one.known for one in stored))


def _delivery(box: Box, one: Fetched) -> Delivery:
    context = {"cut": str(one.size)} if len(one.raw) < one.size and one.size > LONGEST_MAIL else {}
    return Delivery(
        portal_id=box["portal_id"],
        key=key_of(one.raw),
        body=one.raw,
        content_type="message/rfc822",
        context=context,
    )


def _move(box: Box, era: int, uid: int, *, stored: int) -> None:
    run(_POSITION, [box["id"], era, uid, clock.now() if stored else None])
