"""The rows behind a figure of a home page: as many as it says, and only what the viewer may see."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from leadloop.agreement.queries import in_force
from leadloop.front.asking import number
from leadloop.front.calls.queue import LOOKED_AT, at_place, queue_of
from leadloop.front.home.lists import Asked, filters, listed
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cell, columns, table
from leadloop.front.templatetags.ui import local, local_date, money
from leadloop.leads.contracts import LeadRow, Sort
from leadloop.leads.queries import listing
from leadloop.leads.queries import rows as lead_rows
from leadloop.nurture.queries import leads_on
from leadloop.people.queries import people
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.selling.contracts import ActivityKind, Card
from leadloop.selling.outcomes import OUTCOMES
from leadloop.selling.queries import deals, done_by
from leadloop.selling.rules import Place

PAGE = 100
NOBODY = [0]  # an empty list would filter nothing
MOST_DONE = 500


def rows_page(at: Moment, name: str, asked: Mapping[str, str]) -> Piece:
    """Everything the template needs. Raises NotFound for a list there is not."""
    if name in SPECIAL:
        return SPECIAL[name](at, asked)
    found, wanted = listed(name), Asked.read(asked)
    show = _leads if found.subject == "lead" else _deals
    shown = show(at, found.label, filters(name, at, wanted), asked, f"/home/rows/{name}")
    whose = names([wanted.owner]).get(wanted.owner, "") if wanted.owner else ""
    return {"title": found.label, "formula": found.formula, "fact": f"of {whose}" if whose else "", **shown}


def _leads(at: Moment, label: str, wanted: Mapping[str, Any], asked: Mapping[str, str], base: str) -> Piece:
    page = listing(at.viewer, filters=wanted, now=at.now, sort=Sort.NEWEST, after=asked.get("after"), limit=PAGE)
    found = table(label, _LEAD_HEADS, _lead_cells(at, page.rows), "There are no rows: the figure is 0.")
    return {"table": {**found, "total": page.total}, "next_url": _next(base, asked, page.next_cursor)}


_LEAD_HEADS = columns("Name", "Company", "Stage", "Owner", "Opened", "Value", words=5)
_DEAL_HEADS = columns("Deal", "Owner", "Closes", "Risk", "Amount", words=4)


def _lead_cells(at: Moment, leads: Sequence[LeadRow]) -> list[Piece]:
    persons, staff, terms = (
        people({lead.person_id for lead in leads}),
        names({lead.owner_id for lead in leads}),
        in_force(),
    )
    return [
        {
            "url": f"/leads/{lead.id}",
            "cells": [
                persons[lead.person_id].name,
                persons[lead.person_id].company_name,
                terms.label(lead.stage),
                staff.get(lead.owner_id, ""),
                local_date(lead.opened_at, at.viewer.zone),
                cell(money(lead.expected_value, at.us.currency)),
            ],
        }
        for lead in leads
    ]


def _deals(at: Moment, label: str, wanted: Mapping[str, Any], asked: Mapping[str, str], base: str) -> Piece:
    page = deals(at.viewer, filters=wanted, now=at.now, after=asked.get("after"), limit=PAGE)
    found = table(label, _DEAL_HEADS, _deal_cells(page.rows), "There are no rows: the figure is 0.")
    return {"table": {**found, "total": page.total}, "next_url": _next(base, asked, page.next_cursor)}


def _deal_cells(cards: Sequence[Card]) -> list[Piece]:
    staff = names({card.row.owner_id for card in cards})
    return [
        {
            "url": f"/deals/{card.row.id}",
            "cells": [
                card.row.name,
                staff.get(card.row.owner_id, ""),
                f"{card.row.close_on:%-d %b %Y}",
                "; ".join(reason.text for reason in card.risks) if card.row.closed_at is None else "",
                cell(money(card.row.minor, card.row.currency)),
            ],
        }
        for card in cards
    ]


def _next(base: str, asked: Mapping[str, str], cursor: str | None) -> str:
    kept = {key: value for key, value in asked.items() if key != "after"}
    return f"{base}?{urlencode({**kept, 'after': cursor})}" if cursor else ""


def _callable(at: Moment, asked: Mapping[str, str]) -> Piece:
    ids = [entry.lead.id for entry in at_place(queue_of(at.viewer, now=at.now), Place.NOW)]
    shown = _leads(at, "Callable now", {"id": ids or NOBODY}, asked, "/home/rows/callable")
    formula = (
        f"Of the {LOOKED_AT} most urgent leads of your worklist, those whose person has a number that may be called, "
        "outside the quiet hours of the contact policy at their place, with no next step agreed for later and fewer "
        "than six attempts in a row"
    )
    return {"title": "Callable now", "formula": formula, "fact": "", **shown}


def _journey(at: Moment, asked: Mapping[str, str]) -> Piece:
    ids = leads_on(number(asked.get("journey")) or 0) if at.viewer.may(Can.LEADS, "see") else []
    shown = _leads(at, "On the journey", {"id": ids or NOBODY}, asked, "/home/rows/journey")
    return {"title": "On the journey", "formula": "Leads that wait at a step of this journey", "fact": "", **shown}


def _done(at: Moment, asked: Mapping[str, str]) -> Piece:
    kind = asked.get("kind", "") if asked.get("kind") in set(ActivityKind) else ""
    found = done_by(
        at.viewer.user_id,
        at.day_start,
        at.day_end,
        kind=kind,
        outcome=asked.get("outcome") if kind else None,
        limit=MOST_DONE,
    )
    leads = lead_rows({one.lead_id for one in found})
    persons = people({one.person_id for one in found})
    rows = [
        {
            "url": f"/leads/{one.lead_id}",
            "cells": [
                persons[one.person_id].name if one.person_id in persons else "",
                persons[one.person_id].company_name if one.person_id in persons else "",
                str(one.kind).capitalize(),
                OUTCOMES[one.kind][one.outcome].label if one.outcome in OUTCOMES[one.kind] else "Noted",
                local(one.happened_at, at.viewer.zone),
            ],
        }
        for one in found
        if one.lead_id in leads
    ]
    heads = columns("Name", "Company", "What", "How it went", "When", words=5)
    return {
        "title": "Done today",
        "formula": "What you logged since midnight where you are, without what was taken back",
        "fact": "",
        "table": table("Done today", heads, rows, "Nothing is logged yet."),
    }


SPECIAL: Mapping[str, Callable[[Moment, Mapping[str, str]], Piece]] = {
    "callable": _callable,
    "journey": _journey,
    "done-today": _done,
}
