"""The rows behind a figure. Their number is the figure, and the page says how it is computed."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.queries import inquiries
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.company.periods import period_of
from leadloop.front.sheets.download import pages_of
from leadloop.front.templatetags.ui import local_date
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.leads.queries import rows as lead_rows
from leadloop.leads.queries import visible as visible_leads
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability
from leadloop.programmes.queries import costs
from leadloop.selling.queries import rows as deal_rows
from leadloop.selling.queries import visible as visible_deals
from leadloop.tracking.contracts import Period
from leadloop.tracking.measures import measure
from leadloop.tracking.queries import count, row_ids

PAGE = 200


def rows_page(viewer: Viewer, name: str, asked: Mapping[str, str], *, terms: Terms, now: datetime) -> dict[str, Any]:
    """Everything the template needs. Raises NotFound for an unknown figure, Invalid for an address that is off."""
    found, period = measure(name), period_of(asked)
    params = _params(asked, period, now)
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


def rows_files(viewer: Viewer, name: str, asked: Mapping[str, str], *, terms: Terms, now: datetime) -> Iterator[Piece]:
    """All rows behind a figure that the viewer may export, a table at a time; raises as `rows_page` does."""
    found, period = measure(name), period_of(asked)
    params = _params(asked, period, now)

    def read(after: str | None) -> tuple[Piece, str | None]:
        offset = int(after or 0)
        ids = row_ids(name, params, limit=PAGE, offset=offset)
        mine = EXPORTABLE[found.subject](viewer, ids, "export") if found.subject in EXPORTABLE else set(ids)
        table = TABLES[found.subject]([one for one in ids if one in mine], terms, viewer, period)
        return table, str(offset + PAGE) if len(ids) == PAGE else None

    return pages_of(read)


def _params(asked: Mapping[str, str], period: Period, now: datetime) -> dict[str, Any]:
    return {
        "start": period.start,
        "end": period.end,
        "now": now,
        "zone": company().zone,
        "user": _number(asked, "user"),
        "programme": _number(asked, "programme"),
        "source": _number(asked, "source"),
    }


def _number(asked: Mapping[str, str], name: str) -> int | None:
    value = asked.get(name, "none")
    if value == "none":
        return None
    if not value.isdigit():
        raise Invalid(f"{value} is no number", field=name, mend="Open the figure again")
    return int(value)


def _leads(ids: list[int], terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    leads = lead_rows(set(ids))
    persons = people({lead.person_id for lead in leads.values()})
    staff, currency = names({lead.owner_id for lead in leads.values()}), company().currency
    return {
        "columns": heads("Name", "Company", "Stage", "Owner", ("Value", "money"), ("Opened", "day")),
        "rows": [
            {
                "url": f"/leads/{lead_id}",
                "cells": [
                    persons[leads[lead_id].person_id].name,
                    persons[leads[lead_id].person_id].company_name,
                    terms.label(leads[lead_id].stage),
                    staff.get(leads[lead_id].owner_id, ""),
                    cell(Money(leads[lead_id].expected_value, currency)),
                    cell(leads[lead_id].opened_at, viewer.zone),
                ],
            }
            for lead_id in ids
        ],
    }


def _inquiries(ids: list[int], _terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    found = inquiries(ids=ids)
    persons = people({row.person_id for row in found if row.person_id})
    return {
        "columns": heads("Name", "By", "Outcome", ("Happened", "day")),
        "rows": [
            {
                "url": f"/leads/{row.lead_id}" if row.lead_id else "",
                "cells": [
                    persons[row.person_id].name if row.person_id in persons else "",
                    row.portal_name,
                    row.outcome,
                    cell(row.happened_at, viewer.zone),
                ],
            }
            for row in found
        ],
    }


def _deals(ids: list[int], _terms: Terms, viewer: Viewer, _period: Period) -> dict[str, Any]:
    deals, currency = deal_rows(set(ids)), company().currency
    return {
        "columns": heads("Deal", ("Amount", "money"), ("In our currency", "money"), ("Closed", "day")),
        "rows": [
            {
                "url": f"/deals/{deal_id}",
                "cells": [
                    deals[deal_id].name,
                    cell(Money(deals[deal_id].minor, deals[deal_id].currency)),
                    _base(deals[deal_id].base_minor, currency),
                    cell(deals[deal_id].closed_at, viewer.zone),
                ],
            }
            for deal_id in ids
        ],
    }


def _costs(ids: list[int], _terms: Terms, _viewer: Viewer, period: Period) -> dict[str, Any]:
    booked = {line.id: line for line in costs(None, period.start.date(), period.end.date())}
    currency = company().currency
    return {
        "columns": heads("Kind", "Note", ("Booked", "day"), ("Amount", "money"), ("In our currency", "money")),
        "rows": [
            {
                "cells": [
                    str(booked[cost_id].kind),
                    booked[cost_id].note,
                    cell(booked[cost_id].booked_on),
                    cell(Money(booked[cost_id].minor, booked[cost_id].currency)),
                    _base(booked[cost_id].base_minor, currency),
                ]
            }
            for cost_id in ids
            if cost_id in booked
        ],
    }


def _base(minor: int | None, currency: str) -> Piece:
    return cell(None if minor is None else Money(minor, currency), numeric=True)


Table = Callable[[list[int], Terms, Viewer, Period], dict[str, Any]]
TABLES: dict[str, Table] = {"lead": _leads, "inquiry": _inquiries, "opportunity": _deals, "cost": _costs}
EXPORTABLE = {"lead": visible_leads, "opportunity": visible_deals}
RIGHTS = {
    "lead": Capability.LEADS,
    "inquiry": Capability.INQUIRIES,
    "opportunity": Capability.OPPORTUNITIES,
    "cost": Capability.COSTS,
}
