"""The board as its template needs it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from leadloop.front.templatetags.ui import local_date, money, money_short
from leadloop.people.queries import companies, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.selling.contracts import Card, Column, OpportunityRow

SOON_SECONDS = 86_400


def columns(found: Sequence[Column], viewer: Viewer, now: datetime) -> list[dict[str, Any]]:
    """Columns for `parts/board_column.html`; names are read in one query per room."""
    words = _Words(card.row for column in found for card in column.cards)
    return [
        {
            "key": column.stage.key,
            "name": column.stage.label,
            "count": column.count,
            "sum": money_short(column.sum_minor, column.currency),
            "weighted": money_short(column.weighted_minor, column.currency),
            "age": f"{column.median_days} d" if column.median_days is not None else "",
            "move_url": "/deals/move",
            "deals": [card(one, words, viewer, now) for one in column.cards],
            "more": column.count - len(column.cards) if column.next_cursor else 0,
            "more_url": f"/pipeline/{column.stage.key}?after={column.next_cursor}" if column.next_cursor else "",
        }
        for column in found
    ]


class _Words:
    """Names of firms, persons and owners of the deals shown."""

    def __init__(self, rows: Iterable[OpportunityRow]) -> None:
        deals = list(rows)
        self.firms = companies({row.company_id for row in deals if row.company_id})
        self.persons = people({row.person_id for row in deals if row.person_id})
        self.owners = names({row.owner_id for row in deals})

    def buyer(self, row: OpportunityRow) -> str:
        """The firm, else the person."""
        if row.company_id in self.firms:
            return self.firms[row.company_id].name
        return self.persons[row.person_id].name if row.person_id in self.persons else ""


def card(one: Card, words: _Words, viewer: Viewer, now: datetime) -> dict[str, Any]:
    """A deal for `parts/deal_card.html`."""
    row = one.row
    step, state = _step(one, viewer, now)
    return {
        "id": row.id,
        "url": f"/deals/{row.id}",
        "title": row.name,
        "company": words.buyer(row),
        "amount": money(row.minor, row.currency),
        "close": f"{row.close_on:%-d %b}",
        "owner_name": words.owners.get(row.owner_id, ""),
        "owner_id": row.owner_id,
        "step": step,
        "step_state": state,
        "days": (now - row.stage_since).days,
    }


def _step(one: Card, viewer: Viewer, now: datetime) -> tuple[str, str]:
    row = one.row
    if row.next_step_at is None:
        return "", "none"
    risk = next((reason.text for reason in one.risks), "")
    if row.next_step_at <= now:
        return risk or f"{row.next_step}, late", "late"
    soon = (row.next_step_at - now).total_seconds() < SOON_SECONDS
    words = f"{row.next_step}, {local_date(row.next_step_at, viewer.zone)}"
    return (f"{row.next_step}, today", "risk") if soon else (risk or words, "ok")
