"""Trying a file out: short ones at once, long ones by a worker while the page looks on."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadloop.capture import imports as importing
from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import Reading
from leadloop.capture.imports.preview import Preview, Trouble, from_json
from leadloop.capture.parse.fields import label
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture import draft as drafts
from leadloop.front.capture.draft import Draft
from leadloop.front.capture.words import CODE_MENDS, code_words
from leadloop.front.cells import cell
from leadloop.kernel import clock
from leadloop.loop import files, jobs
from leadloop.platform.roles import Capability as Can

MOST_AT_ONCE = 20_000  # rows that are read within a few seconds
SHOWN = 20
DOUBT_WORDS = {
    "created_at": "can't be read as a date, so the row counts as arriving now",
    "email": "is no e-mail address",
    "phone": "is no telephone number",
}


def trial(draft: Draft, reading: Reading, portal: PortalRow) -> dict[str, Any]:
    """What a dry run shows: its result, or for a long file that it has begun."""
    kept = reading.as_json()
    if reading.rows <= MOST_AT_ONCE:
        return shown(importing.preview(path=files.place(draft.name), portal=portal, reading=kept, now=clock.now()))
    files.tell(draft.name, {"rows": 0, "of": reading.rows})
    jobs.try_file.defer(file=draft.name, portal_id=portal.id, reading=kept)
    return going(draft.name, {"rows": 0, "of": reading.rows})


@require_GET
@needs(Can.IMPORTS, "edit")
def tried(request: HttpRequest, name: str) -> HttpResponse:
    """How far the worker is with trying a file, and in the end what would come of it."""
    drafts.find(name, user_id=viewer_of(request).user_id)
    said = files.told(name)
    found = shown(from_json(said["found"])) if "found" in said else going(name, said)
    return render(request, "capture/_tried.html", found)


def going(name: str, said: dict[str, Any]) -> dict[str, Any]:
    """For `capture/_tried.html`, while the worker reads."""
    value, most = said.get("rows", 0), said.get("of") or 1
    return {"trying": {"file": name, "value": value, "most": most, "shown": f"{value:,} of {most:,}"}}


def shown(found: Preview) -> dict[str, Any]:
    """For `capture/_tried.html`, once everything is read."""
    numbers = (
        ("Rows", found.rows), ("New people", found.new), ("Known people", found.known),
        ("Twice in the file", found.repeated), ("Errors", found.held), ("Suppressed, kept so", found.suppressed),
        ("Throw-away addresses, marked", found.disposable), ("On a block list, marked", found.flagged),
        ("Erased, not brought back", found.erased), ("Known, left out", found.left_out),
        ("Known, to be asked", found.asked),
    )  # fmt: skip
    always = 6
    kinds = [(code_words(code), one, CODE_MENDS.get(code, "")) for code, one in found.errors.items()]
    kinds += [
        (f"{label(name)} {DOUBT_WORDS[name]}", one, "The row comes in; correct the cell or the column's meaning")
        for name, one in found.doubts.items()
    ]
    return {
        "tried": {
            "stats": [
                {"label": words, "shown": f"{count:,}"}
                for place, (words, count) in enumerate(numbers)
                if count or place < always
            ],
            "kinds": {
                "caption": "What is wrong, by kind",
                "columns": [
                    {"label": "What"},
                    {"label": "Rows", "numeric": True},
                    {"label": "First rows"},
                    {"label": "Mend"},
                ],
                "rows": [{"cells": [words, cell(one.rows), _first(one), mend]} for words, one, mend in kinds],
            }
            if kinds
            else None,
            "refused": found.refused[:SHOWN],
        }
    }


def _first(one: Trouble) -> str:
    return ", ".join(map(str, one.first)) + (" …" if one.rows > len(one.first) else "")
