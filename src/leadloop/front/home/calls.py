"""The caller's day: how long the queue is, whom one may call at this hour, what today's calls led to."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.front.calls.queue import LOOKED_AT, at_place, queue_of
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, line, panel, sentence, stat
from leadloop.front.work.rows import list_rows
from leadloop.leads.contracts import Tab
from leadloop.leads.queries import tabs
from leadloop.outreach.contracts import Limits
from leadloop.outreach.queries import limits
from leadloop.people.queries import people
from leadloop.selling.contracts import ActivityKind, Doing
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import doings
from leadloop.selling.rules import MOST_ATTEMPTS, Place

SHOWN = 8


def calls_page(at: Moment) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    counts, terms = tabs(at.viewer, at.now), in_force()
    ready = [entry.lead for entry in at_place(queue_of(at.viewer, now=at.now), Place.NOW)]
    persons = people({lead.person_id for lead in ready[:SHOWN]})
    rows = _to_call(list_rows(ready[:SHOWN], persons, terms=terms, now=at.now, currency=at.us.currency))
    done = doings(at.viewer.user_id, at.day_start, at.day_end)
    total, late = counts[Tab.ALL], counts[Tab.LATE]
    return {
        "sentence": _sentence(late, total, rows),
        "stats": [
            stat("In my queue", f"{total:,}", total, "/worklist"),
            stat("Callable now", f"{len(ready):,}", len(ready), "/home/rows/callable"),
            stat("Done today", f"{sum(one.count for one in done):,}", sum(one.count for one in done),
                 "/home/rows/done-today"),
        ],
        "how": [
            f"Callable now: of the {LOOKED_AT} most urgent leads of your worklist those with a number that may be "
            f"called, where it is between {_hours(limits())} (the contact policy) at the person's place or, where that "
            "is not known, in all of their country; without those whose next step is agreed for later, and those whom "
            f"{MOST_ATTEMPTS} attempts in a row did not reach."
        ],
        "main": [
            panel("first", "Next to call", "by due time, then by value", rows=rows, current="",
                  words="Nobody is to be called now." if total else "Your queue is empty.",
                  more={"url": "/calls", "label": "Start calling"},
                  how="Of the open leads you answer for those who may be called now: what is due first comes first, of "
                  "equally due ones the one worth most."),
        ],
        "side": [
            panel("outcomes", "Outcomes today", "what I logged", lines=[_outcome(one) for one in done],
                  words="Nothing is logged today yet.",
                  how="Calls, mails and meetings that you logged since midnight where you are, without those "
                      "taken back."),
        ],
    }  # fmt: skip


def _hours(policy: Limits) -> str:
    return f"{policy.quiet_until:%H:%M} and {policy.quiet_from:%H:%M}"


def _to_call(rows: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The same rows, each leading to its call."""
    return [{**row, "url": f"/calls?lead={row['id'].removeprefix('lead-')}"} for row in rows]


def _sentence(late: int, total: int, rows: Sequence[dict[str, Any]]) -> Piece:
    if not rows and not late:
        return sentence("Nobody is to be called now." if total else "Nothing waits in your queue.")
    if not rows:
        figure = {"value": late, "url": "/worklist?tab=late", "label": "", "state": "late"}
        return sentence("in your queue late, and nobody may be called now.", figure)
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
