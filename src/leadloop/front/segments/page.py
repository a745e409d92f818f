"""What the pages of segments show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.criteria.compile import count, explain, select_ids
from leadloop.front.cells import Piece, cell, heads
from leadloop.front.segments.draft import Draft, condition, fields
from leadloop.front.segments.vocabulary import Vocabulary
from leadloop.front.sheets.download import pages_of
from leadloop.front.templatetags.ui import local_date
from leadloop.kernel.errors import Forbidden, Invalid
from leadloop.leads.queries import listing
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.segments.contracts import SegmentRow, Subject
from leadloop.segments.queries import segments

SAMPLE = 5
PAGE = 50
FILE_PAGE = 1_000
SUBJECTS = {Subject.LEAD: "leads", Subject.PERSON: "people"}


def rows_url(row: SegmentRow) -> str:
    """Where the rows of a segment are."""
    return f"/leads?segment={row.id}" if row.subject is Subject.LEAD else f"/segments/{row.id}/people"


def sentence(ast: Mapping[str, Any], known: Vocabulary) -> str:
    """A condition in plain words, as a sentence."""
    words = explain(ast, known.names)
    return f"{words[:1].upper()}{words[1:]}."


def segments_page(viewer: Viewer) -> dict[str, Any]:
    """The list: each segment in words, with who answers for it."""
    found = segments()
    staff = names({row.owner_id for row in found})
    known = {subject: Vocabulary(str(subject)) for subject in {row.subject for row in found}}
    return {
        "may_edit": viewer.may(Can.SEGMENTS, "edit"),
        "table": {
            "caption": "Segments",
            "columns": heads("Name", "Made of", "Who is in it", "Answers for it", ("Changed", "day")),
            "total": len(found),
            "rows": [
                {
                    "url": f"/segments/{row.id}",
                    "cells": [
                        row.name,
                        SUBJECTS[row.subject].capitalize(),
                        sentence(row.criteria, known[row.subject]),
                        staff.get(row.owner_id, ""),
                        cell(row.changed_at, viewer.zone),
                    ],
                }
                for row in found
            ],
        },
    }


def found(
    viewer: Viewer, subject: Subject, ast: dict[str, Any], *, now: datetime, limit: int = SAMPLE
) -> dict[str, Any]:
    """How many the condition finds of those the viewer may see, and the first of them as a table."""
    if subject is Subject.PERSON:
        return _persons(viewer, ast, now=now, limit=limit)
    page = listing(viewer, filters={"criteria": ast}, limit=limit, now=now)
    persons, terms = people({row.person_id for row in page.rows}), in_force()
    return {
        "total": page.total,
        "is_estimate": page.is_estimate,
        "noun": "lead" if page.total == 1 else "leads",
        "table": {
            "caption": "Some of them",
            "columns": [{"label": label} for label in ("Name", "Company", "Stage", "Opened")],
            "empty": "Nobody fits yet.",
            "rows": [
                {
                    "url": f"/leads/{row.id}",
                    "cells": [
                        persons[row.person_id].name,
                        persons[row.person_id].company_name,
                        terms.label(row.stage),
                        local_date(row.opened_at, viewer.zone),
                    ],
                }
                for row in page.rows
            ],
        },
    }


def may_see_people(viewer: Viewer) -> bool:
    """Persons are nobody's own, so a list of them opens only for those who may see everybody."""
    return viewer.scope(Can.PEOPLE, "see") is Scope.ALL


def _persons(viewer: Viewer, ast: dict[str, Any], *, now: datetime, limit: int, after: int = 0) -> dict[str, Any]:
    if not may_see_people(viewer):
        raise Forbidden("Your role does not open lists of people", mend="Choose a segment of leads")
    ids = select_ids(ast, "person", now, after=after, limit=limit + 1)
    rows, total = people(ids[:limit]), count(ast, "person", now)
    return {
        "total": total,
        "is_estimate": False,
        "noun": "person" if total == 1 else "people",
        "next_after": ids[limit - 1] if len(ids) > limit else None,
        "table": {
            "caption": "People",
            "columns": heads("Name", "Company", "Title", "Country", "May be written to"),
            "empty": "Nobody fits yet.",
            "total": total,
            "rows": [
                {
                    "cells": [
                        row.name,
                        row.company_name,
                        row.title,
                        row.country,
                        "Yes, by e-mail" if "email" in row.consented else "No consent",
                    ]
                }
                for row in rows.values()
            ],
        },
    }


def people_page(viewer: Viewer, row: SegmentRow, *, after: int, now: datetime) -> dict[str, Any]:
    """The people of a segment, a page at a time."""
    shown = _persons(viewer, row.criteria, now=now, limit=PAGE, after=after)
    last = shown["next_after"]
    return {**shown, "segment": row, "next_url": f"/segments/{row.id}/people?after={last}" if last else ""}


def people_files(viewer: Viewer, row: SegmentRow, *, now: datetime) -> Iterator[Piece]:
    """All people of a segment, a table at a time."""

    def read(after: str | None) -> tuple[Piece, str | None]:
        shown = _persons(viewer, row.criteria, now=now, limit=FILE_PAGE, after=int(after or 0))
        last = shown["next_after"]
        return shown["table"], str(last) if last else None

    return pages_of(read)


def builder(viewer: Viewer, subject: Subject, draft: Draft, *, now: datetime, told: bool = False) -> dict[str, Any]:
    """The form of a condition with what it means so far: the sentence, the number, some of the rows."""
    known, currency = Vocabulary(str(subject)), company().currency
    ast = condition(draft, known, currency=currency)
    members = next(iter(ast.values()))
    shown: dict[str, Any] = {
        "draft": draft,
        "subject": str(subject),
        "subjects": [(str(key), label.capitalize()) for key, label in SUBJECTS.items()],
        "facets": known.grouped(),
        "groups": fields(draft, known, told=told),
        "hows": [("all", "all of"), ("any", "any of"), ("none", "none of")],
        "criteria": ast,
        "currency": currency,
        "asks": bool(members),
    }
    if not members:
        return shown
    try:
        return {**shown, "sentence": sentence(ast, known), "found": found(viewer, subject, ast, now=now)}
    except Invalid as wrong:
        return {**shown, "wrong": f"{wrong.problem}. {wrong.mend}", "asks": False}
