"""What somebody does next: the leads they answer for, the most urgent first."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.leads.contracts import LeadRow, Page, PromiseKind, Tab
from leadloop.leads.queries.pages import page_read
from leadloop.leads.queries.paging import Key
from leadloop.leads.queries.rows import OPEN
from leadloop.leads.queries.visibility import Condition
from leadloop.ledger.reads import Read, ask
from leadloop.platform.contracts import Viewer

SOON = timedelta(days=1)
DONE_FOR = timedelta(days=30)
WAITED_FOR = (PromiseKind.REPLY, PromiseKind.QUALIFY, PromiseKind.ACCEPT, PromiseKind.CONTACT)

# Due time first; an index brings rows in that order, and only those due at the same moment are sorted by value.
URGENCY = (Key("l.due_at", "timestamptz"), Key("l.expected_value", "bigint", descending=True), Key("l.id", "bigint"))
_LAST_CLOSED = (Key("l.closed_at", "timestamptz", descending=True), Key("l.id", "bigint", descending=True))


def worklist(
    viewer: Viewer, *, tab: Tab | str = Tab.ALL, limit: int = 50, after: str | None = None, now: datetime
) -> Page[LeadRow]:
    """One page of what the viewer answers for: by due time, then by expected value, then by age.

    What is late comes first by itself. The tab `done` shows what was closed last. One query.
    """
    return ask(worklist_read(viewer, tab=tab, limit=limit, after=after, now=now))


def worklist_read(
    viewer: Viewer, *, tab: Tab | str = Tab.ALL, limit: int = 50, after: str | None = None, now: datetime
) -> Read[Page[LeadRow]]:
    """What `worklist` asks, to be asked together with others."""
    tab = Tab(tab)
    conditions = [Condition("l.owner_id = %s", (viewer.user_id,)), tab_condition(tab, now)]
    keys = _LAST_CLOSED if tab is Tab.DONE else URGENCY
    read = page_read(f"worklist-{tab}", keys, conditions, after, limit)
    return Read(read.sql, read.parameters, lambda rows: Page(*read.answer(rows)))


def tab_condition(tab: Tab, now: datetime) -> Condition:
    """What belongs on a tab."""
    if tab is Tab.DONE:
        return Condition(f"not l.{OPEN} and l.closed_at >= %s", (now - DONE_FOR,))
    extra = {
        Tab.ALL: Condition("true"),
        Tab.LATE: Condition("l.due_at < %s", (now,)),
        Tab.NEW: Condition("l.due_kind = any(%s::text[])", ([str(kind) for kind in WAITED_FOR],)),
        Tab.TODAY: Condition("l.due_at < %s", (now + SOON,)),
        Tab.WAITING: Condition("l.due_at >= %s", (now + SOON,)),
    }[tab]
    return Condition(f"l.{OPEN} and {extra.sql}", extra.params)
