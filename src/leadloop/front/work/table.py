"""The list of leads: filters in the address, keyset paging, one query per room."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from leadloop.agreement.contracts import Terms
from leadloop.front.asking import number
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.sheets.download import pages_of
from leadloop.front.templatetags.due_text import due_text
from leadloop.front.templatetags.ui import money_short
from leadloop.front.work.rows import company_url
from leadloop.kernel.errors import Invalid, LeadloopError, NotFound
from leadloop.kernel.money import Money
from leadloop.leads.contracts import LeadRow, Sort, Stage
from leadloop.leads.queries import listing
from leadloop.loop.commands import MOST
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people, search
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability
from leadloop.segments.contracts import SegmentRow, Subject
from leadloop.segments.queries import segment, segments_by_id
from leadloop.segments.rules import kept

PAGE = 50
FILE_PAGE = 500
SORTS = {Sort.NEWEST: "Newest", Sort.DUE: "Due", Sort.VALUE: "Value", Sort.ENGAGEMENT: "Engagement"}
NUMBERS = ("owner", "programme", "source", "interest", "team", "company")
CHOICES = ("stage", "grade", "due_kind")
MATCHES = 500
HEADS = heads("Name", "Company", "Grade", "Stage", "Owner", "Next step", ("Value", "money"), ("Opened", "day"))
NOBODY = [0]  # an empty list would filter nothing


def leads_page(viewer: Viewer, asked: Mapping[str, str], *, terms: Terms, now: datetime) -> dict[str, Any]:
    """Everything the list's template needs."""
    sort = _sort(asked)
    chosen = _segment(asked)
    filters = _filters(asked, chosen)
    page = listing(viewer, filters=filters, now=now, sort=sort, after=asked.get("after") or None, limit=PAGE)
    currency = company().currency
    return {
        "table": _table(page.rows, terms, viewer, currency, now, page.total),
        "total": page.total,
        "is_estimate": page.is_estimate,
        "chips": _chips(asked, terms, chosen),
        "q": asked.get("q", ""),
        "sorts": [
            {"label": label, "url": _address(asked, sort=str(key)), "current": key is sort}
            for key, label in SORTS.items()
        ],
        "stages": [
            {
                "label": terms.label(stage),
                "url": _address(asked, stage=str(stage)),
                "current": asked.get("stage") == stage,
            }
            for stage in Stage
            if stage is not Stage.MERGED
        ],
        "may_assign": viewer.may(Capability.LEADS, "edit"),
        "all_url": _all_url(asked, page.total),
        "bulk_actions": [{"label": "Assign", "icon": "user-plus", "url": "/leads/assign"}],
        "asked": urlencode(kept(asked)),
        "next_url": _address(asked, after=page.next_cursor) if page.next_cursor else "",
    }


def leads_files(viewer: Viewer, asked: Mapping[str, str], *, terms: Terms, now: datetime) -> Iterator[Piece]:
    """The whole list, as far as the viewer may export it, a table at a time."""
    sort, currency = _sort(asked), company().currency
    filters = filters_of(asked)

    def read(after: str | None) -> tuple[Piece, str | None]:
        page = listing(
            viewer, filters=filters, now=now, sort=sort, after=after, limit=FILE_PAGE, verb="export", counted=False
        )
        return _table(page.rows, terms, viewer, currency, now, None), page.next_cursor

    return pages_of(read)


def filters_of(asked: Mapping[str, str]) -> dict[str, Any]:
    """What the list's address asks of leads. Raises Invalid or NotFound for what makes no sense."""
    return _filters(asked, _segment(asked))


def filters_of_each(several: Sequence[Mapping[str, str]]) -> list[dict[str, Any] | None]:
    """The same of several addresses, None for each that makes no sense. One query, and one for each with words."""
    wanted = {number(asked["segment"]) or 0 for asked in several if asked.get("segment")}
    known = segments_by_id(wanted)
    found: list[dict[str, Any] | None] = []
    for asked in several:
        chosen = known.get(number(asked["segment"]) or 0) if asked.get("segment") else None
        try:
            found.append(_filters(asked, _of_leads(chosen) if asked.get("segment") else None))
        except LeadloopError:
            found.append(None)
    return found


def _sort(asked: Mapping[str, str]) -> Sort:
    return Sort(asked["sort"]) if asked.get("sort") in set(Sort) else Sort.NEWEST


def _all_url(asked: Mapping[str, str], total: int | None) -> str:
    """Where everything in the list can be given to somebody; "" where there is nothing or far too much."""
    if not total or total > MOST:
        return ""
    return "/leads/assign?" + urlencode({"all": "1", **kept(asked)})


def _filters(asked: Mapping[str, str], chosen: SegmentRow | None) -> dict[str, Any]:
    filters: dict[str, Any] = {key: asked[key] for key in CHOICES if asked.get(key)}
    for key in NUMBERS:
        if asked.get(key):
            if not asked[key].isdigit():
                raise Invalid(f"{asked[key]} is no number", field=key, mend="Remove this filter")
            filters[key] = int(asked[key])
    if asked.get("open"):
        filters["open"] = asked["open"] == "1"
    if asked.get("q", "").strip():
        found = [person.id for person in search(asked["q"].strip(), limit=MATCHES)]
        filters["person"] = found or NOBODY
    if chosen is not None:
        filters["criteria"] = chosen.criteria
    return filters


def _segment(asked: Mapping[str, str]) -> SegmentRow | None:
    """The segment that the list is narrowed to. Raises NotFound for one of people, whose rows are elsewhere."""
    if not asked.get("segment"):
        return None
    return _of_leads(segment(number(asked["segment"]) or 0))


def _of_leads(found: SegmentRow | None) -> SegmentRow:
    if found is None:
        raise NotFound("This segment is not there any more", field="segment", mend="Choose another")
    if found.subject is not Subject.LEAD:
        raise NotFound("This segment is made of people", field="segment", mend="Open it from the list of segments")
    return found


def _address(asked: Mapping[str, str], **changed: str | None) -> str:
    """This list with something changed; a new filter or sort starts at the first page."""
    kept = {key: value for key, value in asked.items() if key != "after" and value}
    return "/leads?" + urlencode({key: value for key, value in {**kept, **changed}.items() if value})


def _chips(asked: Mapping[str, str], terms: Terms, chosen: SegmentRow | None) -> list[dict[str, str]]:
    known = [key for key in (*CHOICES, *NUMBERS) if asked.get(key)]
    staff = names([int(asked["owner"])]) if asked.get("owner", "").isdigit() else {}
    chips = []
    if chosen is not None:
        chips.append({"text": f"Segment: {chosen.name}", "remove_url": _address(asked, segment=None)})
    for key in known:
        value = asked[key]
        words = terms.label(value) if key == "stage" and value in terms.clauses.stages else value
        words = staff.get(int(value), value) if key == "owner" and value.isdigit() else words
        chips.append({"text": f"{key.capitalize()}: {words}", "remove_url": _address(asked, **{key: None})})
    return chips


def _table(
    rows: list[LeadRow], terms: Terms, viewer: Viewer, currency: str, now: datetime, total: int | None
) -> dict[str, Any]:
    persons = people({row.person_id for row in rows})
    staff = names({row.owner_id for row in rows})
    return {
        "caption": "Leads",
        "columns": HEADS,
        "total": total,
        "empty": "No lead fits. Remove a filter, or let an inquiry come in.",
        "rows": [
            {
                "id": row.id,
                "url": f"/leads/{row.id}",
                "cells": [
                    persons[row.person_id].name,
                    _firm(row, persons[row.person_id]),
                    f"{row.grade} {row.fit}" if row.grade else "–",
                    terms.label(row.stage),
                    staff.get(row.owner_id, ""),
                    _due(row, terms, now),
                    cell(Money(row.expected_value, currency), text=money_short(row.expected_value, currency)),
                    cell(row.opened_at, viewer.zone),
                ],
            }
            for row in rows
        ],
    }


def _firm(lead: LeadRow, person: PersonRow) -> Piece | str:
    url = company_url(lead, person)
    return cell(person.company_name, link=url) if url else person.company_name


def _due(row: LeadRow, terms: Terms, now: datetime) -> str:
    if row.due_at is None:
        return "–"
    clause = terms.clauses.promises.get(row.due_kind)
    return f"{clause.label if clause else row.due_kind}, {due_text(row.due_at, now)}"
