"""How a file was understood, for looking at and changing before anything is stored."""

from __future__ import annotations

from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import Reading, templates
from leadloop.capture.imports.contracts import BASES, KNOWN, Column
from leadloop.capture.imports.sheets import sheet_names
from leadloop.capture.parse.dates import EXAMPLES, Style, read
from leadloop.capture.queries import import_runs
from leadloop.front.capture import choices
from leadloop.front.templatetags.ui import local
from leadloop.kernel.clock import time_zone
from leadloop.loop import files
from leadloop.platform.queries import users

HOW = {
    "heading": "by its heading",
    "content": "by what it holds",
    "saved": "as last time",
    "chosen": "your choice",
    "portal": "by the portal",
    "": "not recognised",
}
OWNER_HOW = {"name": "found by name", "email": "found by address", "chosen": "your choice", "fallback": "nobody found"}
STATUS_HOW = {"known": "known word", "chosen": "your choice", "unknown": "not known"}


def reading_page(
    name: str, reading: Reading, portal: PortalRow, *, terms: Terms, zone: str, template: str = ""
) -> dict[str, Any]:
    """Everything `capture/reading.html` needs before a dry run. `template` is the saved mapping it goes by."""
    staff = [(str(user.id), user.name) for user in users(active=True).values()]
    return {
        "reading": reading,
        "portal": portal,
        "file": name,
        "fact": f"{reading.rows:,} rows for {portal.name}",
        "layout": _layout(name, reading),
        "columns": [_column(column, reading.zone) for column in reading.columns],
        "dates": _dates(reading),
        "owners": [
            {
                "text": row.text,
                "rows": row.rows,
                "how": OWNER_HOW[row.how],
                "choices": choices.selected(staff, str(row.user_id)),
            }
            for row in reading.owners
        ],
        "fallback": choices.selected(staff, str(reading.fallback_owner or "")),
        **_standings(reading, terms),
        "earlier": _earlier(reading, portal, zone),
        "on_known": choices.selected(list(KNOWN.items()), reading.on_known),
        "bases": choices.selected(list(BASES.items()), reading.basis),
        "templates": _templates(reading, template),
    }


def _layout(name: str, reading: Reading) -> list[dict[str, Any]]:
    if reading.sheet:
        sheets = [(sheet, sheet) for sheet in sheet_names(files.place(name))]
        return [{"name": "sheet", "label": "Sheet", "choices": choices.selected(sheets, reading.sheet)}]
    how = {"mark": "marked", "valid": "certain", "guess": "guessed", "chosen": "your choice"}
    return [
        {
            "name": "encoding",
            "label": "Encoding",
            "how": how.get(reading.encoding_how, ""),
            "choices": choices.selected(choices.encodings(reading.encoding), reading.encoding),
        },
        {
            "name": "delimiter",
            "label": "Cells are separated by",
            "choices": choices.selected(choices.delimiters(reading.delimiter), reading.delimiter),
        },
    ]


def _column(column: Column, zone: str) -> dict[str, Any]:
    return {
        "name": f"field-{column.index}",
        "header": column.header,
        "samples": ", ".join(column.samples),
        "reads": _as_read(column, zone),
        "fill": column.fill,
        "how": HOW.get(column.how, column.how),
        "unsure": bool(column.field) and column.confidence < 0.5,
        "choices": choices.selected(choices.fields(), column.field),
    }


def _as_read(column: Column, zone: str) -> str:
    """How the first sample of a column of dates is read; "" for other columns, and while that is asked."""
    if not column.style or not column.samples:
        return ""
    said = read(column.samples[0], Style(column.style), time_zone(zone))
    return f"{column.samples[0]} is {said.astimezone(time_zone(zone)):%-d %B %Y, %H:%M}" if said else ""


def _templates(reading: Reading, chosen: str) -> list[dict[str, Any]]:
    """Mappings that were kept for files with these headings; empty where there is none."""
    kept = templates(reading.headers_digest)
    return choices.selected([("", "As last time"), *((name, name) for name in kept)], chosen) if kept else []


def _dates(reading: Reading) -> dict[str, Any] | None:
    """The question about dates, answered or not; None where they can be read in one way only."""
    column = next((column for column in reading.columns if len(column.styles) > 1), None)
    if column is None:
        return None
    offered = [(style, EXAMPLES[Style(style)]) for style in column.styles]
    return {"column": column.header, "open": not column.style, "choices": choices.selected(offered, column.style)}


def _standings(reading: Reading, terms: Terms) -> dict[str, Any]:
    targets = [choices.target(row.stage, row.closed_as, row.reason) for row in reading.statuses]
    converted = reading.converted
    converted_to = choices.target(converted.stage, converted.closed_as, converted.reason) if converted else ""
    offered = choices.standings(terms, [*targets, converted_to])
    return {
        "statuses": [
            {
                "text": row.text,
                "rows": row.rows,
                "how": STATUS_HOW[row.how],
                "choices": choices.selected(offered, standing),
            }
            for row, standing in zip(reading.statuses, targets, strict=True)
        ],
        "converted": {"rows": converted.rows, "choices": choices.selected(offered, converted_to)}
        if converted
        else None,
    }


def _earlier(reading: Reading, portal: PortalRow, zone: str) -> str:
    """Says when the very same file came in through this portal before; "" when it did not."""
    runs = (run for run in import_runs() if run.portal_id == portal.id)
    found = next((run for run in runs if run.reading.get("file_digest") == reading.file_digest), None)
    if found is None:
        return ""
    return f"This very file was brought in on {local(found.started_at, zone)}. Its rows will not count twice."
