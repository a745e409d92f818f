"""Leads as list rows: read as one query per room, whatever the number of rows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.front.templatetags.ui import money_short
from leadloop.leads.contracts import LeadRow
from leadloop.people.contracts import PersonRow

ICONS = {
    "reply": "message-circle",
    "qualify": "filter",
    "accept": "user-check",
    "contact": "phone",
    "next_step": "calendar",
    "nurture": "mail",
    "wake": "clock",
}
RISK_BELOW = 34  # percent of the time left


def clock_of(lead: LeadRow, now: datetime) -> tuple[int, str]:
    """Percent of the time that is left, and the state: ok, risk under a third, late, none without a clock."""
    if lead.due_at is None:
        return 0, "none"
    if lead.due_at <= now:
        return 100, "late"
    whole = (lead.due_at - lead.stage_since).total_seconds()
    left = (lead.due_at - now).total_seconds()
    percent = max(1, min(100, round(100 * left / whole))) if whole > 0 else 100
    return percent, "risk" if percent < RISK_BELOW else "ok"


def list_rows(
    leads: Sequence[LeadRow], persons: Mapping[int, PersonRow], *, terms: Terms, now: datetime, currency: str
) -> list[dict[str, Any]]:
    """Rows for `parts/rows.html`; `persons` by the ids that the leads name."""
    return [_row(lead, persons[lead.person_id], terms, now, currency) for lead in leads]


def _row(lead: LeadRow, person: PersonRow, terms: Terms, now: datetime, currency: str) -> dict[str, Any]:
    percent, state = clock_of(lead, now)
    promise = terms.clauses.promises.get(lead.due_kind)
    return {
        "id": f"lead-{lead.id}",
        "url": f"/leads/{lead.id}",
        "part_url": f"/leads/{lead.id}/record",
        "grade": lead.grade,
        "score": lead.fit,
        "name": person.name,
        "company": person.company_name,
        "due": lead.due_at,
        "percent": percent,
        "state": state,
        "icon": ICONS.get(lead.due_kind, "circle-check"),
        "reason": reason(lead, promise.label if promise else "", terms),
        "value": money_short(lead.expected_value, currency) if lead.expected_value else "",
        "order_reason": "Sorted by what is due first, then by expected value",
    }


def reason(lead: LeadRow, owed: str, terms: Terms) -> str:
    """Why the row is here: what is owed next, and what brought it."""
    if lead.closed_at is not None:
        clause = terms.clauses.reasons.get(lead.close_reason)
        return f"{terms.label(lead.stage)}: {clause.label if clause else lead.close_reason}"
    return f"{owed or terms.label(lead.stage)} · {lead.why}" if lead.why else owed or terms.label(lead.stage)


def company_url(lead: LeadRow, person: PersonRow) -> str:
    """The page of the firm that the person works for; "" where the lead is not known to be that firm's.

    Whoever sees the lead sees its firm, but not any other that its person may have gone to since.
    """
    return f"/companies/{lead.company_id}" if lead.company_id and lead.company_id == person.company_id else ""
