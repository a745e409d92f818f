"""The list of landing pages, and the rows behind its figures."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.pages import PageRow, State, Tally, came_through, pages, tallies, views_by_day
from leadloop.capture.queries import inquiries, portals
from leadloop.front.cells import cell, heads
from leadloop.front.landing.words import STATES
from leadloop.leads.queries import visible
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.programmes.queries import names as programme_names

PAGE = 100
HEADS = heads(
    "Page", "Address", "State", "Programme", "Form", ("Views", "number"), ("Inquiries", "number"), ("Rate", "share"),
    ("Changed", "day"),
)  # fmt: skip
NOTHING = Tally()


def list_page(viewer: Viewer, programme_id: int | None = None) -> dict[str, Any]:
    """Every landing page, or those of one programme, with what they brought, in a constant number of queries."""
    rows, counted, known = pages(), tallies(), portals()
    rows = [row for row in rows if programme_id in (None, row.programme_id)]
    programmes = programme_names({row.programme_id for row in rows if row.programme_id})
    cells = [_cells(row, counted.get(row.id, NOTHING), known, programmes, viewer.zone) for row in rows]
    return {
        "programme": programmes.get(programme_id or 0, ""),
        "views": sum(counted.get(row.id, NOTHING).views for row in rows),
        "inquiries": sum(counted.get(row.id, NOTHING).inquiries for row in rows),
        "table": {
            "caption": "Landing pages",
            "columns": HEADS,
            "total": len(rows),
            "rows": [{"url": f"/pages/{row.id}", "cells": one} for row, one in zip(rows, cells, strict=True)],
        },
    }


def _cells(
    row: PageRow, counted: Tally, known: Mapping[int, PortalRow], programmes: Mapping[int, str], zone: str
) -> list[Any]:
    public = row.state is State.ON
    share = counted.inquiries / counted.views if counted.views else None
    return [
        row.draft.title,
        cell(f"/p/{row.slug}", **({"link": f"/p/{row.slug}"} if public else {})),
        _state(row, known),
        _programme(row, programmes),
        _form(row, known),
        cell(counted.views, link=f"/pages/{row.id}/views"),
        cell(counted.inquiries, value=counted.inquiries, url=f"/pages/{row.id}/inquiries"),
        cell(share, text="–" if share is None else f"{share:.1%}", numeric=True),
        cell(row.saved_at, zone),
    ]


def _state(row: PageRow, known: Mapping[int, PortalRow]) -> str:
    portal = known.get(row.live.portal_id or 0) if row.live else None
    if row.state is State.ON and portal is not None and not portal.is_on:
        return "Public, its form is closed"
    return f"{STATES[row.state]}, changed since" if row.state is State.ON and row.is_changed else STATES[row.state]


def _programme(row: PageRow, programmes: Mapping[int, str]) -> Any:
    name = programmes.get(row.programme_id or 0)
    return cell(name, link=f"/pages?programme={row.programme_id}") if name else "–"


def _form(row: PageRow, known: Mapping[int, PortalRow]) -> str:
    portal = known.get((row.live or row.draft).portal_id or 0)
    return portal.name if portal else "–"


def views_page(row: PageRow) -> dict[str, Any]:
    """How often a page was read, day by day."""
    days = views_by_day(row.id)
    return {
        "title": f"Views of {row.draft.title}",
        "total": sum(views for _, views in days),
        "words": "A browser that ran the page’s script and was no program counts one view each time it opened the page."
        " Nobody is told apart, so somebody who comes back counts again.",
        "table": {
            "caption": "Views by day",
            "columns": heads(("Day", "day"), ("Views", "number")),
            "total": len(days),
            "rows": [{"cells": [cell(day), cell(views)]} for day, views in days],
        },
    }


def inquiries_page(row: PageRow, viewer: Viewer, *, before: int | None) -> dict[str, Any]:
    """The inquiries that came through a page; names only of those whose lead the viewer sees. Five queries at most."""
    ids, total = came_through(row.id, before=before, limit=PAGE), tallies().get(row.id, NOTHING).inquiries
    found = {one.id: one for one in inquiries(ids=ids)}
    mine = visible(viewer, {one.lead_id for one in found.values() if one.lead_id is not None})
    persons = people({one.person_id for one in found.values() if one.person_id is not None and one.lead_id in mine})
    return {
        "title": f"Inquiries by {row.draft.title}",
        "total": total,
        "words": "What its form sent and could be read; suspected spam is in quarantine and not counted.",
        "next_url": f"/pages/{row.id}/inquiries?before={ids[-1]}" if len(ids) == PAGE else "",
        "table": {
            "caption": "Inquiries",
            "columns": heads("Name", "Company", "By", "Outcome", ("Happened", "day")),
            "total": total,
            "rows": [
                {
                    "url": f"/leads/{one.lead_id}" if one.lead_id in mine else "",
                    "cells": [
                        persons[one.person_id].name if one.person_id in persons else "–",
                        persons[one.person_id].company_name if one.person_id in persons else "–",
                        one.portal_name,
                        one.outcome,
                        cell(one.happened_at, viewer.zone),
                    ],
                }
                for one in (found[one_id] for one_id in ids)
            ],
        },
    }
