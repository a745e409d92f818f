"""The caller's day: how long the queue is, whom one may call at this hour, what today's calls led to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.agreement.queries import in_force
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, line, panel, sentence, stat
from leadloop.front.work.rows import list_rows
from leadloop.leads.contracts import LeadRow, Tab
from leadloop.leads.queries import tabs, worklist
from leadloop.outreach.contracts import Limits, Purpose
from leadloop.outreach.queries import limits
from leadloop.people.contracts import Channel, Reach
from leadloop.people.queries import people, reachable
from leadloop.selling.contracts import ActivityKind, Doing
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import doings

LOOKED_AT = 200  # of the queue, the most urgent first
SHOWN = 8


def calls_page(at: Moment) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    counts, terms = tabs(at.viewer, at.now), in_force()
    ready, queue = callable_now(at)
    persons = people({lead.person_id for lead in queue[:SHOWN]})
    rows = list_rows(queue[:SHOWN], persons, terms=terms, now=at.now, currency=at.us.currency)
    done = doings(at.viewer.user_id, at.day_start, at.day_end)
    total, late = counts[Tab.ALL], counts[Tab.LATE]
    return {
        "sentence": _sentence(late, rows),
        "stats": [
            stat("In my queue", f"{total:,}", total, "/worklist"),
            stat("Callable now", f"{len(ready):,}", len(ready), "/home/rows/callable"),
            stat("Done today", f"{sum(one.count for one in done):,}", sum(one.count for one in done),
                 "/home/rows/done-today"),
        ],
        "how": [
            f"Callable now: of the {LOOKED_AT} most urgent leads of your queue those with a number that may be called, "
            f"where it is between {_hours(limits())} (the contact policy) at the person's place, or here where that "
            "is not known."
        ],
        "main": [
            panel("first", "Next in my queue", "by due time, then by value", rows=rows, current="",
                  words="Your queue is empty.", more={"url": "/worklist", "label": "The whole worklist"},
                  how="The open leads you answer for: what is due first comes first, of equally due ones the one "
                  "worth most."),
        ],
        "side": [
            panel("outcomes", "Outcomes today", "what I logged", lines=[_outcome(one) for one in done],
                  words="Nothing is logged today yet.",
                  how="Calls, mails and meetings that you logged since midnight where you are, without those "
                      "taken back."),
        ],
    }  # fmt: skip


def callable_now(at: Moment) -> tuple[list[int], list[LeadRow]]:
    """The leads of the queue whose person may be called at this hour, and the queue itself. Five queries."""
    queue = worklist(at.viewer, tab=Tab.ALL, limit=LOOKED_AT, now=at.now).rows
    reach = reachable({lead.person_id for lead in queue}, Channel.CALL, Purpose.TRANSACTIONAL) if queue else {}
    policy = limits()
    return [lead.id for lead in queue if _may_call(reach, lead, policy, at)], list(queue)


def _may_call(reach: Mapping[int, Reach], lead: LeadRow, policy: Limits, at: Moment) -> bool:
    found = reach.get(lead.person_id)
    if found is None or found.address is None or found.suppressed:
        return False
    return is_day(found.zone or at.us.zone, policy, at.now)


def is_day(zone: str, policy: Limits, now: datetime) -> bool:
    """Whether it is outside the quiet hours in a zone."""
    if policy.quiet_from == policy.quiet_until:
        return True
    clock = now.astimezone(ZoneInfo(zone)).time()
    if policy.quiet_until < policy.quiet_from:
        return policy.quiet_until <= clock < policy.quiet_from
    return not policy.quiet_from <= clock < policy.quiet_until


def _hours(policy: Limits) -> str:
    return f"{policy.quiet_until:%H:%M} and {policy.quiet_from:%H:%M}"


def _sentence(late: int, rows: Sequence[dict[str, Any]]) -> Piece:
    if not rows:
        return sentence("Nothing waits in your queue.")
    begin = cause("Next is", rows[0]["name"], rows[0]["url"], f": {rows[0]['reason']}.")
    if not late:
        return sentence("Nothing in your queue is late.", None, begin)
    figure = {"value": late, "url": "/worklist?tab=late", "label": "", "state": "late"}
    return sentence("in your queue is late." if late == 1 else "in your queue are late.", figure, begin)


def _outcome(one: Doing) -> Piece:
    kind = ActivityKind(one.kind)
    label = OUTCOMES[kind][one.outcome].label if one.outcome in OUTCOMES[kind] else "Noted"
    url = f"/home/rows/done-today?kind={kind}&outcome={one.outcome}"
    return line(f"{one.count} × {label.lower()}", str(kind).capitalize(), url, value=one.count)
