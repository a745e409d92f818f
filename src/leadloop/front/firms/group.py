"""The tables of a company's page: its buying group, its leads and its deals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.templatetags.due_text import due_text
from leadloop.front.touched import last_touched
from leadloop.kernel.money import Money
from leadloop.leads.contracts import LeadRow, Page
from leadloop.leads.queries import listing
from leadloop.people.contracts import PersonRow, PositionRow
from leadloop.people.facets import BUYING_ROLES
from leadloop.people.queries import members, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.selling.contracts import Card, OpportunityRow, State

STATES = {State.OPEN: "Open", State.WON: "Won", State.LOST: "Lost"}
MOST_PEOPLE = 200  # of one firm, whose facts its stream tells
GROUP = heads("Name", "Title", "Buying role", ("Last touch", "day"), "Owner of the lead")
LEADS = heads("Name", "Stage", "Owner", "Next step", ("Value", "money"), ("Opened", "day"))
DEALS = heads("Deal", "State", "Owner", ("Amount", "money"), ("Closes or closed", "day"))


def group_table(
    viewer: Viewer, places: Sequence[PositionRow], persons: Mapping[int, PersonRow], leads: Sequence[LeadRow]
) -> Piece:
    """Who works there, who decides first; a name opens the person's newest lead that the viewer sees."""
    newest = {lead.person_id: lead for lead in reversed(leads)}
    owners = names({lead.owner_id for lead in newest.values()})
    touched = last_touched(leads)
    rows = []
    for place in places:
        lead, one = newest.get(place.person_id), persons[place.person_id]
        role = place.buying_role.replace("_", " ")
        rows.append({
            "url": f"/leads/{lead.id}" if lead else "",
            "cells": [
                one.name,
                place.title,
                "not known" if role == "unknown" else role,
                cell(touched.get(place.person_id), viewer.zone),
                owners.get(lead.owner_id, "") if lead else "",
            ],
        })  # fmt: skip
    return {
        "caption": "Buying group",
        "columns": GROUP,
        "rows": rows,
        "total": len(rows),
        "empty": "Nobody of this company that you see yet.",
    }


def roles_piece(viewer: Viewer, company_id: int, *, now: datetime) -> Piece:
    """The people of a company that the viewer sees, each with the role to choose."""
    places = members(company_id, limit=MOST_PEOPLE)
    seen = {lead.person_id for lead in _leads_of(viewer, [place.person_id for place in places], now)}
    if viewer.scope(Can.PEOPLE, "see") is not Scope.ALL:
        places = [place for place in places if place.person_id in seen]
    persons = people([place.person_id for place in places])
    return {
        "rows": [
            {
                "id": place.person_id,
                "name": persons[place.person_id].name,
                "title": place.title,
                "role": place.buying_role,
            }
            for place in places
        ],
        "roles": BUYING_ROLES,
    }


def _leads_of(viewer: Viewer, person_ids: Sequence[int], now: datetime) -> Sequence[LeadRow]:
    return listing(viewer, filters={"person": list(person_ids) or [0]}, limit=500, now=now, counted=False).rows


def leads_table(
    viewer: Viewer,
    page: Page[LeadRow],
    persons: Mapping[int, PersonRow],
    currency: str,
    *,
    terms: Terms,
    now: datetime,
) -> Piece:
    """Its leads, the newest first."""
    owners = names({lead.owner_id for lead in page.rows})
    return {
        "caption": "Leads",
        "columns": LEADS,
        "total": page.total,
        "empty": "No lead of this company yet.",
        "rows": [
            {
                "url": f"/leads/{lead.id}",
                "cells": [
                    persons[lead.person_id].name,
                    terms.label(lead.stage),
                    owners.get(lead.owner_id, ""),
                    _due(lead, terms, now),
                    cell(Money(lead.expected_value, currency)),
                    cell(lead.opened_at, viewer.zone),
                ],
            }
            for lead in page.rows
        ],
    }


def _due(lead: LeadRow, terms: Terms, now: datetime) -> str:
    if lead.due_at is None:
        return "–"
    clause = terms.clauses.promises.get(lead.due_kind)
    return f"{clause.label if clause else lead.due_kind}, {due_text(lead.due_at, now)}"


def deals_table(viewer: Viewer, page: Page[Card], *, terms: Terms) -> Piece:
    """Its deals: open ones first, each group the largest first."""
    owners = names({card.row.owner_id for card in page.rows})
    ordered = sorted((card.row for card in page.rows), key=lambda row: list(State).index(row.state))
    return {
        "caption": "Deals",
        "columns": DEALS,
        "total": page.total,
        "empty": "No deal of this company yet.",
        "rows": [
            {
                "url": f"/deals/{row.id}",
                "cells": [
                    row.name,
                    _state(row, terms),
                    owners.get(row.owner_id, ""),
                    cell(Money(row.minor, row.currency)),
                    cell(row.closed_at or row.close_on, viewer.zone),
                ],
            }
            for row in ordered
        ],
    }


def _state(row: OpportunityRow, terms: Terms) -> str:
    reason = terms.clauses.reasons.get(row.close_reason)
    why = reason.label if reason else row.close_reason
    return f"{STATES[row.state]}: {why[:1].lower()}{why[1:]}" if why else STATES[row.state]
