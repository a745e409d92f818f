"""How a lead and a promise are read from their tables."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import fields
from typing import Any

from leadloop.leads.contracts import LeadRow, PromiseRow, PromiseState, Stage
from leadloop.ledger.sql import fetch

LEAD_COLUMNS = ", ".join(f"l.{field.name}" for field in fields(LeadRow))
PROMISE_COLUMNS = ", ".join(f"p.{field.name}" for field in fields(PromiseRow))
OPEN = "stage in ('inquiry', 'nurturing', 'qualified', 'assigned', 'accepted', 'working', 'opportunity')"

_STAGE = [field.name for field in fields(LeadRow)].index("stage")
_COUNT = len(fields(LeadRow))
_STATE = [field.name for field in fields(PromiseRow)].index("state")
_STAGES = {str(stage): stage for stage in Stage}
_STATES = {str(state): state for state in PromiseState}


def lead_row(values: Sequence[Any]) -> LeadRow:
    """A lead from the values of LEAD_COLUMNS, in their order; what follows them is left out."""
    return LeadRow(*(*values[:_STAGE], _STAGES[values[_STAGE]], *values[_STAGE + 1 : _COUNT]))


def promise_row(values: Sequence[Any]) -> PromiseRow:
    """A promise from the values of PROMISE_COLUMNS, in their order."""
    return PromiseRow(*(*values[:_STATE], _STATES[values[_STATE]], *values[_STATE + 1 :]))


def rows(ids: Iterable[int]) -> dict[int, LeadRow]:
    """Leads by id, for rooms that act by rule; what is shown to people goes through a viewer instead. One query."""
    found = fetch(f"select {LEAD_COLUMNS} from leads_lead l where l.id = any(%s::bigint[])", [list(ids)])
    return {values[0]: lead_row(values) for values in found}


def latest_of(person_ids: Iterable[int]) -> dict[int, LeadRow]:
    """The newest lead of each of these persons, an open one before closed ones; merged ones don't count. One query."""
    found = fetch(
        f"""
        select {LEAD_COLUMNS} from leads_lead l where l.person_id = any(%s::bigint[]) and l.stage <> 'merged'
         order by l.{OPEN}, l.id
        """,
        [list(person_ids)],
    )
    return {row.person_id: row for row in map(lead_row, found)}


def open_of(person_ids: Iterable[int]) -> list[LeadRow]:
    """The open leads of these persons, for what is done with all of them, the oldest first. One query."""
    found = fetch(
        f"select {LEAD_COLUMNS} from leads_lead l where l.person_id = any(%s::bigint[]) and l.{OPEN} order by l.id",
        [list(person_ids)],
    )
    return [lead_row(values) for values in found]


def all_of(person_ids: Iterable[int]) -> list[LeadRow]:
    """Every lead of these persons, open or closed, the oldest first. One query."""
    found = fetch(
        f"select {LEAD_COLUMNS} from leads_lead l where l.person_id = any(%s::bigint[]) order by l.id",
        [list(person_ids)],
    )
    return [lead_row(values) for values in found]


def goes_on_as(lead: LeadRow) -> int | None:
    """The lead in which one that closed as merged goes on; None for others. One query, none for others."""
    if lead.stage is not Stage.MERGED:
        return None
    found = fetch(
        """
        select id from leads_lead
         where person_id = %s and interest_id = %s and stage <> 'merged' and opened_at <= %s
         order by closed_at is not null, closed_at desc, id desc limit 1
        """,
        [lead.person_id, lead.interest_id, lead.closed_at],
    )
    return found[0][0] if found else None


def promises(lead_ids: Iterable[int]) -> dict[int, list[PromiseRow]]:
    """All promises of these leads, what is owed first by due time, then what is settled, newest first. One query."""
    found = fetch(
        f"""
        select {PROMISE_COLUMNS} from leads_promise p where p.lead_id = any(%s::bigint[])
         order by p.lead_id, p.state <> 'running', case when p.state = 'running' then p.due_at end,
                  p.settled_at desc, p.id desc
        """,
        [list(lead_ids)],
    )
    owed: dict[int, list[PromiseRow]] = {}
    for values in found:
        row = promise_row(values)
        owed.setdefault(row.lead_id, []).append(row)
    return owed
