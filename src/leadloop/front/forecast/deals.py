"""Tables of deals behind the figures of a forecast. Their number is what the figure's link promises."""

from __future__ import annotations

from datetime import date
from typing import Any

from leadloop.front.templatetags.ui import money, percent
from leadloop.platform.queries import names
from leadloop.selling.queries import rows as deal_rows
from leadloop.tracking.forecast import queries, rules

CATEGORIES = {"omitted": "Omitted", "pipeline": "Pipeline", "best_case": "Best case", "commit": "Commit"}
SHOWN = 500


def columns(*labels: str, words: int = 1) -> list[dict[str, Any]]:
    """Columns of a table, the first so many of them words and the others numbers."""
    return [{"label": label, "numeric": place >= words} for place, label in enumerate(labels)]


def numeric(text: str) -> dict[str, Any]:
    """A cell that stands to the right."""
    return {"text": text, "numeric": True}


def open_table(team_id: int | None, owner_id: int | None, month: date, today: date, *, currency: str) -> dict[str, Any]:
    """Open deals with the model's chance of each, for the page `forecast/deals.html`."""
    found = queries.outlooks(team_id=team_id, owner_id=owner_id)
    place = rules.months_between(rules.month_of(today), month)
    shown = found[:SHOWN]
    deals, owners = deal_rows({one.opportunity_id for one in shown}), names({one.owner_id for one in shown})
    table = {
        "caption": "Open deals",
        "columns": columns(
            "Deal", "Owner", "Category", "Closes", "Amount", "Chance", f"In {month:%B}", "Later than said", words=4
        ),
        "total": len(found),
        "empty": "No open deals in the newest forecast.",
        "rows": [
            {
                "url": f"/deals/{one.opportunity_id}",
                "cells": [
                    deals[one.opportunity_id].name,
                    owners.get(one.owner_id, ""),
                    CATEGORIES[one.category],
                    f"{one.close_on:%-d %b %Y}",
                    numeric(money(one.minor, currency)),
                    numeric(percent(one.chance)),
                    numeric(percent(one.by_month[place] if place < len(one.by_month) else 0.0)),
                    numeric("" if one.slip_days is None else f"{one.slip_days:.0f} d"),
                ],
            }
            for one in shown
        ],
    }
    words = (
        "Chance: the model's, to win the deal within thirty weeks; beside it the part that falls into the month."
        " Amounts count in our currency, times what won deals brought per unit said before."
    )
    return {"title": "Open deals in the forecast", "words": words, "table": table, "shown": len(shown)}


def won_table(team_id: int | None, owner_id: int | None, month: date, *, zone: str, currency: str) -> dict[str, Any]:
    """Deals won in a month, for the same page."""
    found = queries.won_deals(month, zone, team_id=team_id, owner_id=owner_id)
    shown = list(found)[:SHOWN]
    deals = deal_rows(set(shown))
    owners = names({row.owner_id for row in deals.values()})
    table = {
        "caption": "Won deals",
        "columns": columns("Deal", "Owner", "Closed", "Worth", words=3),
        "total": len(found),
        "empty": "Nothing was won in this month yet.",
        "rows": [
            {
                "url": f"/deals/{deal_id}",
                "cells": [
                    deals[deal_id].name,
                    owners.get(deals[deal_id].owner_id, ""),
                    f"{deals[deal_id].closed_at:%-d %b %Y}",
                    numeric(money(found[deal_id], currency)),
                ],
            }
            for deal_id in shown
        ],
    }
    words = "Each deal at the rate of its closing day; a month begins at midnight where the company is."
    return {"title": f"Won in {month:%B %Y}", "words": words, "table": table, "shown": len(shown)}
