"""From facts to notices: whom each concerns, once; the newest few of anybody are kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import ImportRunRow, PortalRow
from leadloop.capture.queries import import_runs, portals
from leadloop.kernel import clock
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import Event, user_of
from leadloop.ledger.sql import columns, fetch, run
from leadloop.loop.notices.choosing import post_of
from leadloop.loop.notices.contracts import NoticeKind
from leadloop.loop.notices.posting import POSTED, letters
from leadloop.loop.summaries import apart
from leadloop.mailing.contracts import MailingRow
from leadloop.mailing.queries import mailings_by_id
from leadloop.outreach.contracts import Draft

KEPT = 200  # notices of one person

_INSERT = """
insert into loop_notice (user_id, fact_id, kind, lead_id, subject_id, detail, at)
select * from unnest(%s::bigint[], %s::bigint[], %s::text[], %s::bigint[], %s::bigint[], %s::text[], %s::timestamptz[])
    on conflict (user_id, fact_id) do nothing
returning user_id, fact_id
"""
_PRUNE = """
delete from loop_notice n
 using (select id, row_number() over (partition by user_id order by id desc) as place from loop_notice) old
 where n.id = old.id and old.place > %s
"""
# Whoever was asked to decide waits no more, also where the deputy decided.
_SETTLED = """
update loop_notice n set read_at = d.at from unnest(%s::bigint[], %s::timestamptz[]) as d (subject_id, at)
 where n.kind = 'appeal' and n.detail = 'open' and n.subject_id = d.subject_id and n.read_at is null
"""
_READ = """
update loop_notice set read_at = %s
 where user_id = %s and read_at is null and (%s::bigint is null or id = %s::bigint)
"""


class _New(NamedTuple):
    user_id: int
    fact_id: int
    kind: str
    lead_id: int | None
    subject_id: int | None
    detail: str
    at: datetime


class _Known(NamedTuple):
    """What facts speak of, by id: runs of imports, mailings, portals, and who owns the leads that answered."""

    runs: Mapping[int, ImportRunRow]
    mailings: Mapping[int, MailingRow]
    portals: Mapping[int, PortalRow]
    owners: Mapping[int, int]


def tell(events: Sequence[Event]) -> list[Draft]:
    """Write the notices of a batch of facts, and return the letters for those who want one at once.

    Nobody is told of what they did themselves, and each fact tells once, however often it comes. Who was given many
    leads at once, as imports do, is told of them together. At most eleven queries.
    """
    runs = {row.id: row for row in import_runs(ids, len(ids))} if (ids := _ids(events, "import.finished")) else {}
    mailings = mailings_by_id(ids) if (ids := _ids(events, "mailing.stopped", "mailing_id")) else {}
    doors = portals() if _ids(events, "portal.counts_differ", "portal_id") else {}
    answered = {one.lead_id for one in events if one.kind == "reply.received" and one.lead_id}
    owners = {key: row.owner_id for key, row in lead_rows(answered).items()} if answered else {}
    known = _Known(runs, mailings, doors, owners)
    single, many = apart([event for event in events if event.kind == "lead.assigned"])
    single += [event for event in events if event.kind != "lead.assigned"]
    told = [new for event in sorted(single, key=lambda one: one.id) for new in _of(event, known)]
    told += [new for given in many.values() for new in _together(given)]
    written = _write(told)
    if decided := [(one.payload["assignment_id"], one.happened_at) for one in events if one.kind == "appeal.decided"]:
        run(_SETTLED, columns(decided))
    posted = [new for new in written if new.kind in POSTED]
    if not posted:
        return []
    names = {(NoticeKind.MAILING, key): row.name for key, row in mailings.items()}
    names |= {(NoticeKind.PORTAL, key): row.name for key, row in doors.items()}
    return letters(posted, post_of({new.user_id for new in posted}), names, terms=in_force(), now=clock.now())


def _write(told: Sequence[_New]) -> list[_New]:
    """Those that were not told before."""
    if not told:
        return []
    new = set(fetch(_INSERT, columns(told)))
    return [one for one in told if (one.user_id, one.fact_id) in new]


def prune(kept: int = KEPT) -> int:
    """Let go of all but the newest notices of everybody and return how many that were. One query.

    Not where they are written: looking through what all concerned have cost a thirtieth of the time in which an
    inquiry reaches its salesperson.
    """
    return run(_PRUNE, [kept])


def mark_read(user_id: int, *, notice_id: int | None = None, now: datetime) -> int:
    """Note that somebody has read one of their notices, or all of them; returns how many that were. One query."""
    return run(_READ, [now, user_id, notice_id, notice_id])


def _ids(events: Sequence[Event], kind: str, name: str = "run_id") -> list[int]:
    return sorted({event.payload[name] for event in events if event.kind == kind})


def _of(event: Event, known: _Known) -> Iterator[_New]:
    kind, subject_id, detail, users = _said(event, known)
    for user_id in sorted(users - {user_of(event.actor)}):
        yield _New(user_id, event.id, kind, event.lead_id, subject_id, detail, event.happened_at)


def _together(given: Sequence[Event]) -> Iterator[_New]:
    """One notice under the first of these facts, which all gave a lead to the same person."""
    user_id = given[0].payload["user_id"]
    others = [event for event in given if user_of(event.actor) != user_id]
    if others:
        yield _New(user_id, others[0].id, NoticeKind.LEADS, None, None, str(len(others)), others[-1].happened_at)


def _said(event: Event, known: _Known) -> tuple[NoticeKind, int | None, str, set[int]]:
    """Its kind, what it is about beside the lead, a code or count, and whom it concerns."""
    said = event.payload
    if event.kind == "reply.received":
        owner_id = known.owners.get(event.lead_id or 0)
        return NoticeKind.REPLY, said["inquiry_id"], "", {owner_id} if owner_id else set()
    if event.kind == "lead.assigned":
        return NoticeKind.LEAD, said["assignment_id"], said["how"], {said["user_id"]}
    if event.kind == "promise.broken":
        return NoticeKind.LATE, said["promise_id"], said["promise"], {said["owner_id"]}
    if event.kind == "lead.pulled_back":
        return NoticeKind.BACK, said["assignment_id"], "", {said["user_id"]}
    if event.kind == "rejection.appealed":
        return NoticeKind.APPEAL, said["assignment_id"], "open", {said["arbiter_id"]}
    if event.kind == "appeal.decided":
        return NoticeKind.APPEAL, said["assignment_id"], said["verdict"], {said["user_id"], said["made_by_id"]}
    if event.kind == "mailing.stopped":
        row = known.mailings.get(said["mailing_id"])
        concerned = {row.made_by_id, row.confirmed_by_id} - {None} if row else set()
        return NoticeKind.MAILING, said["mailing_id"], "", {one for one in concerned if one is not None}
    if event.kind == "portal.counts_differ":
        door, detail = known.portals.get(said["portal_id"]), f"{said['day']} {said['missing']} {said['said']}"
        return NoticeKind.PORTAL, said["portal_id"], detail, {door.owner_id} if door else set()
    started = known.runs.get(said["run_id"])
    by = user_of(started.started_by) if started and said["quarantined"] else None
    return NoticeKind.IMPORT, said["run_id"], str(said["quarantined"]), {by} if by else set()
