"""The rows behind a figure. Their number is the figure, and the page says how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.queries import inquiries
from leadloop.front.company.periods import period_of
from leadloop.front.templatetags.ui import local_date, money
from leadloop.kernel.errors import Invalid
from leadloop.leads.queries import rows as lead_rows
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.programmes.queries import costs
from leadloop.selling.queries import rows as deal_rows
from leadloop.tracking.contracts import Period
from leadloop.tracking.measures import measure
from leadloop.tracking.queries import count, row_ids

PAGE = 200


def rows_page(viewer: Viewer, name: str, asked: Mapping[str, str], *, terms: Terms, now: datetime) -> dict[str, Any]:
    """Everything the template needs. Raises NotFound for an unknown figure, Invalid for an address that is off."""
    found, period = measure(name), period_of(asked)
    params = {
        "start": period.start,
        "end": period.end,
        "now": now,
        "zone": company().zone,
        "user": _number(asked, "user"),
        "programme": _number(asked, "programme"),
        "source": _number(asked, "source"),
    }
    total = count(name, params)
    offset = _number(asked, "offset") or 0
    ids = row_ids(name, params, limit=PAGE, offset=offset)
    table = TABLES[found.subject](ids, terms, viewer, period)
    return {
        "measure": found,
        "table": {**table, "caption": found.label, "total": total, "empty": "There are no rows: the figure is 0."},
        "total": total,
        "shown": len(ids),
        "offset": offset,
        "fact": f"{local_date(period.start, viewer.zone)} to {local_date(period.end, viewer.zone)}",
    }


def _number(asked: Mapping[str, str], name: str) -> int | None:
    value = asked.get(name, "none")
    if value == "none":
        return None
    if not value.isdigit():
        raise Invalid(f"{value} is no number", field=name, mend="Open the figure again")
    return int(value)


def _columns(*labels: str, numeric: tuple[str, ...] = ()) -> list[dict[str, Any]]:
    return [{"label": label, "numeric": label in numeric} for label in labels]


def _leads(ids: list[int], terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    leads = lead_rows(set(ids))
    persons = people({lead.person_id for lead in leads.values()})
    staff, currency = names({lead.owner_id for lead in leads.values()}), company().currency
    return {
        "columns": _columns("Name", "Company", "Stage", "Owner", "Value", "Opened", numeric=("Value",)),
        "rows": [
            {
                "url": f"/leads/{lead_id}",
                "cells": [
                    persons[leads[lead_id].person_id].name,
                    persons[leads[lead_id].person_id].company_name,
                    terms.label(leads[lead_id].stage),
                    staff.get(leads[lead_id].owner_id, ""),
                    {"text": money(leads[lead_id].expected_value, currency), "numeric": True},
                    local_date(leads[lead_id].opened_at, viewer.zone),
                ],
            }
            for lead_id in ids
        ],
    }


def _inquiries(ids: list[int], _terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    found = inquiries(ids=ids)
    persons = people({row.person_id for row in found if row.person_id})
    return {
        "columns": _columns("Name", "By", "Outcome", "Happened"),
        "rows": [
            {
                "url": f"/leads/{row.lead_id}" if row.lead_id else "",
                "cells": [
                    persons[row.person_id].name if row.person_id in persons else "",
                    row.portal_name,
                    row.outcome,
                    local_date(row.happened_at, viewer.zone),
                ],
            }
            for row in found
        ],
    }


def _deals(ids: list[int], _terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    deals, currency = deal_rows(set(ids)), company().currency
    return {
        "columns": _columns("Deal", "Amount", "In our currency", "Closed", numeric=("Amount", "In our currency")),
        "rows": [
            {
                "url": f"/deals/{deal_id}",
                "cells": [
                    deals[deal_id].name,
                    {"text": money(deals[deal_id].minor, deals[deal_id].currency), "numeric": True},
                    {"text": money(deals[deal_id].base_minor, currency), "numeric": True},
                    local_date(deals[deal_id].closed_at, viewer.zone),
                ],
            }
            for deal_id in ids
        ],
    }


def _costs(ids: list[int], _terms: Terms, _viewer: Viewer, period: Period) -> dict[str, Any]:
    booked = {line.id: line for line in costs(None, period.start.date(), period.end.date())}
    currency = company().currency
    return {
        "columns": _columns(
            "Kind", "Note", "Booked", "Amount", "In our currency", numeric=("Amount", "In our currency")
        ),
        "rows": [
            {
                "cells": [
                    str(booked[cost_id].kind),
                    booked[cost_id].note,
                    f"{booked[cost_id].booked_on:%-d %b %Y}",
                    {"text": money(booked[cost_id].minor, booked[cost_id].currency), "numeric": True},
                    {"text": money(booked[cost_id].base_minor, currency), "numeric": True},
                ]
            }
            for cost_id in ids
            if cost_id in booked
        ],
    }


Table = Callable[[list[int], Terms, Viewer, Period], dict[str, Any]]
TABLES: dict[str, Table] = {"lead": _leads, "inquiry": _inquiries, "opportunity": _deals, "cost": _costs}
