"""The queue of records that look alike, and what a bulk merge would do."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.front.cells import Piece, cell, heads
from leadloop.identity.contracts import FoundBy, SuggestionRow
from leadloop.identity.queries import open_suggestions
from leadloop.identity.queries.suggestions import FROM_THE_TOP, After
from leadloop.identity.rules.alike import JOIN_AT
from leadloop.kernel.errors import Invalid
from leadloop.loop import commands
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope

SHOWN = 50
NARROW = 1_000  # looked through for who may not change everybody
LARGEST = 1_000.0
FOUND = {FoundBy.ON_LINE: "On arrival", FoundBy.BATCH: "In a pass"}
HEADS = heads("First record", "Second record", ("Weight", "number"), "That is", "Most telling", "Found", ("On", "day"))


def queue_page(viewer: Viewer, asked: Mapping[str, str], *, now: datetime) -> Piece:
    """The pairs that wait and are within the viewer's reach, in a constant number of queries."""
    everybody = viewer.scope(Capability.PEOPLE, "edit") is Scope.ALL
    found = open_suggestions(limit=SHOWN + 1 if everybody else NARROW, after=_after(asked.get("after", "")))
    rows = commands.alike_within(viewer, found)
    shown = rows[:SHOWN]
    last = shown[-1] if len(rows) > SHOWN else None
    return {
        "table": _table(viewer, shown),
        "later": bool(asked.get("after")),
        "weight": int(JOIN_AT),
        "next_url": f"/duplicates?after={last.weight}:{last.id}" if last else "",
        "now": now,
    }


def accept_page(viewer: Viewer, weight: float) -> Piece:
    """What merging from this weight on would do."""
    rows = commands.mergeable(viewer, at_least=weight)
    return {
        "table": _table(viewer, rows[:SHOWN]),
        "count": len(rows),
        "weight": f"{weight:g}",
        "more": len(rows) > SHOWN,
    }


def weight_asked(text: str | None) -> float:
    """The weight somebody typed; Invalid for what is none."""
    try:
        weight = float(text or "")
    except ValueError:
        weight = LARGEST + 1
    if not -LARGEST <= weight <= LARGEST:
        raise Invalid("This is no weight", field="weight", mend="Give a number such as 12")
    return weight


def odds(weight: float) -> str:
    """How many such pairs are one person, in words: "997 of 1,000"."""
    share = 1 / (1 + 2.0**-weight)
    if share >= 0.9995:
        return "nearly certain"
    return f"{round(share * 1000)} of 1,000" if share > 0.99 else f"{round(share * 100)} of 100"


def _table(viewer: Viewer, rows: Sequence[SuggestionRow]) -> Piece:
    persons = people({person_id for row in rows for person_id in (row.person_a, row.person_b)})
    return {
        "caption": "Records that look alike",
        "columns": HEADS,
        "total": None,
        "rows": [_row(row, persons, viewer.zone) for row in rows],
    }


def _row(row: SuggestionRow, persons: Mapping[int, PersonRow], zone: str) -> Piece:
    return {
        "url": f"/duplicates/{row.id}",
        "cells": [
            _named(persons[row.person_a]),
            _named(persons[row.person_b]),
            cell(row.weight, text=f"{row.weight:.1f}"),
            odds(row.weight),
            row.reasons[0]["text"] if row.reasons else "",
            cell(FOUND[row.found_by], whole=True),
            cell(row.found_at, zone),
        ],
    }


def _named(person: PersonRow) -> str:
    where = person.email or person.phone or person.company_name
    return f"{person.name}, {where}" if where and where != person.name else person.name


def _after(text: str) -> After:
    weight, _, last_id = text.partition(":")
    if not text:
        return FROM_THE_TOP
    if not last_id.isascii() or not last_id.isdigit():
        raise Invalid("This is no place in the list", field="after", mend="Begin at the top")
    return weight_asked(weight), int(last_id)
