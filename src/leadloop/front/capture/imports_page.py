"""The list of imports, and one import while it runs and when it is done."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.contracts import ImportRunRow, PortalKind
from leadloop.capture.facets import INQUIRIES
from leadloop.capture.imports.contracts import KNOWN
from leadloop.capture.imports.undoing import UNDO_FOR, why_not
from leadloop.capture.lists.queries import flagged_in
from leadloop.capture.parse.fields import label
from leadloop.capture.queries import import_runs, inquiries, portals, refused_rows
from leadloop.front.cells import cell, heads
from leadloop.front.templatetags.ui import local, money_short
from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import listing
from leadloop.ledger.contracts import by_user, user_of
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability, Scope

MOST_RUNS = 50
LOOKED_AT = 500  # runs, for those who see their own only
SHOWN_ERRORS = 50
SLOW = timedelta(minutes=2)
STATES = {
    "storing": "Storing", "processing": "Working", "done": "Done", "failed": "Failed", "cancelled": "Stopped",
    "undoing": "Being taken back", "undone": "Taken back",
}  # fmt: skip
TITLES = {"failed": "It stopped", "cancelled": "It was stopped", "undone": "It was taken back"}
LABELS = {"storing": "Storing the rows", "processing": "Making leads of them", "undoing": "Taking it back"}
HEADS = heads(
    "File", "Portal", "Brought in by", ("Started", "moment"), ("Rows", "number"), ("New leads", "number"),
    ("Joined", "number"), ("Quarantine", "number"), "State",
)  # fmt: skip


def visible_runs(viewer: Viewer) -> list[ImportRunRow]:
    """The imports that the viewer may see, newest first. One query."""
    scope = viewer.scope(Capability.IMPORTS, "see")
    if scope is Scope.ALL:
        return import_runs(limit=MOST_RUNS)
    mine = by_user(viewer.user_id)
    return [run for run in import_runs(limit=LOOKED_AT) if run.started_by == mine][:MOST_RUNS]


def find_run(viewer: Viewer, run_id: int) -> ImportRunRow:
    """One import that the viewer may see; NotFound for any other."""
    found = import_runs([run_id])
    is_mine = bool(found) and found[0].started_by == by_user(viewer.user_id)
    if not found or (viewer.scope(Capability.IMPORTS, "see") is not Scope.ALL and not is_mine):
        raise NotFound("There is no such import", mend="Choose one from the list of imports")
    return found[0]


def imports_page(viewer: Viewer, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything the list needs. Four queries."""
    runs, doors = visible_runs(viewer), portals()
    staff = names({user_id for run in runs if (user_id := user_of(run.started_by))})
    return {
        "portals": [
            {"id": portal.id, "name": portal.name, "chosen": str(portal.id) == asked.get("portal")}
            for portal in doors.values()
            if portal.kind is PortalKind.STAFF and portal.is_on
        ],
        "table": {
            "caption": "Imports",
            "columns": HEADS,
            "total": len(runs),
            "rows": [
                {
                    "url": f"/imports/{run.id}",
                    "cells": [
                        run.file_name,
                        doors[run.portal_id].name,
                        staff.get(user_of(run.started_by) or 0, "The command line"),
                        cell(run.started_at, viewer.zone, text=local(run.started_at, viewer.zone)),
                        *map(cell, (run.rows, run.new, run.joined, run.quarantined)),
                        STATES[state_of(run)],
                    ],
                }
                for run in runs
            ],
        },
    }


def state_of(run: ImportRunRow) -> str:
    """Its state; done as soon as no row waits, whatever has yet to be noted."""
    return "done" if run.state == "processing" and not run.waiting else run.state


def progress(run: ImportRunRow, now: datetime) -> dict[str, Any]:
    """How far an import is, in words and as a bar; `going` while it moves."""
    state, planned = state_of(run), int(run.reading.get("rows") or 0)
    going = state in LABELS
    done, of = (run.rows, planned) if state == "storing" else (run.stored - run.waiting, run.stored)
    if state == "undoing":
        done, of = sum(int(run.undone.get(name, 0)) for name in ("persons", "changes")), 0
    return {
        "run": run,
        "state": state,
        "going": going,
        "title": LABELS.get(state) or TITLES.get(state, "What came of it"),
        "label": LABELS.get(state, ""),
        "shown": f"{done:,} of {of:,}" if of else f"{done:,}",
        "value": done,
        "most": max(of, 1),
        "stuck": state == "storing" and not run.rows and now - run.started_at > SLOW,
        "stats": [
            {"label": "New leads", "shown": f"{run.new:,}"},
            {"label": "Joined open leads", "shown": f"{run.joined:,}"},
            {"label": "Not about buying", "shown": f"{run.other:,}"},
            {"label": "To quarantine", "shown": f"{run.quarantined:,}"},
            {"label": "Had come before", "shown": f"{run.known:,}"},
        ],
        "undone": _undone(run) if state == "undone" else [],
    }


def _undone(run: ImportRunRow) -> list[dict[str, str]]:
    counted = {name: int(run.undone.get(name, 0)) for name in ("leads", "persons", "changes", "kept")}
    return [
        {"label": "Leads closed", "shown": f"{counted['leads']:,}"},
        {"label": "People withdrawn", "shown": f"{counted['persons']:,}"},
        {"label": "Changes put back", "shown": f"{counted['changes']:,}"},
        {"label": "Kept: changed since", "shown": f"{counted['kept']:,}"},
    ]


def run_page(viewer: Viewer, run: ImportRunRow, now: datetime) -> dict[str, Any]:
    """Everything one import's page needs."""
    reading = run.reading
    _, refused = refused_rows(run.id) if run.quarantined else ([], [])
    by = names([user_id]).get(user_id, "") if (user_id := user_of(run.started_by)) else "the command line"
    pairs = [
        ("Portal", portals()[run.portal_id].name),
        ("Brought in by", by),
        ("Started", local(run.started_at, viewer.zone)),
        ("Finished", local(run.finished_at, viewer.zone)),
        ("Encoding", reading.get("encoding", "")),
        ("Not answered yet", "Yes: they were thanked and handed on" if reading.get("fresh") else ""),
        ("People who were known", KNOWN.get(reading.get("on_known", ""), "")),
        ("Marketing may write", f"They agreed: {reading['basis_words']}" if reading.get("basis_words") else ""),
        ("Taken back", local(run.undone_at, viewer.zone)),
    ]
    may = viewer.may(Capability.IMPORTS, "edit")
    shown = progress(run, now)
    return {
        **shown,
        "may_cancel": may and shown["state"] in ("storing", "processing"),
        "may_undo": may and why_not(shown["state"], run.started_at, now) is None,
        "undo_scope": f"until {local(run.started_at + UNDO_FOR, viewer.zone)}",
        "definitions": [{"term": term, "value": value} for term, value in pairs if value] + _flagged(viewer, run),
        "columns": _columns(reading),
        "refused": {
            "caption": "Rows in quarantine",
            "columns": [{"label": "Row"}, {"label": "Why"}, {"label": "It says"}],
            "rows": [
                {"cells": [str(number), why, " · ".join(cell for cell in cells if cell)[:160]]}
                for number, cells, why in refused[:SHOWN_ERRORS]
            ],
        },
        "refused_count": len(refused),
        "shown_count": min(len(refused), SHOWN_ERRORS),
        "may_see_leads": viewer.may(Capability.LEADS, "see"),
    }


def _flagged(viewer: Viewer, run: ImportRunRow) -> list[dict[str, str]]:
    """How many of its rows a block list speaks of, for who may look at those."""
    rows = flagged_in(run.id) if viewer.may(Capability.QUARANTINE, "see") else 0
    return [{"term": "On a block list", "value": f"{rows:,}, flagged", "url": f"/lists/run/{run.id}"}] if rows else []


def _columns(reading: Mapping[str, Any]) -> dict[str, Any]:
    def goes_to(column: Mapping[str, Any]) -> str:
        return label(column["field"]) if column["field"] else ("kept as an attribute" if column["fill"] else "empty")

    return {
        "caption": "How the columns were read",
        "columns": [{"label": "Column"}, {"label": "Went to"}],
        "rows": [{"cells": [column["header"], goes_to(column)]} for column in reading.get("columns", ())],
    }


def leads_page(viewer: Viewer, run: ImportRunRow, after: str | None, terms: Terms, now: datetime) -> dict[str, Any]:
    """The leads that an import opened or joined, as far as the viewer may see them."""
    end = run.finished_at or now
    arrived = [
        {"facet": f"{INQUIRIES.prefix}.portal_id", "op": "=", "value": run.portal_id},
        {"facet": f"{INQUIRIES.prefix}.received_at", "op": "after", "value": (run.started_at - _BLINK).isoformat()},
        {"facet": f"{INQUIRIES.prefix}.received_at", "op": "before", "value": (end + _BLINK).isoformat()},
    ]
    page = listing(viewer, filters={"criteria": {"all": arrived}}, after=after, now=now)
    came = {
        inquiry.lead_id
        for inquiry in inquiries([row.id for row in page.rows])
        if inquiry.portal_id == run.portal_id and run.started_at <= inquiry.received_at <= end
    }
    rows = [row for row in page.rows if row.id in came]
    next_url = f"/imports/{run.id}/leads?after={page.next_cursor}" if page.next_cursor else ""
    return {"run": run, "table": _leads(rows, terms), "next_url": next_url}


_BLINK = timedelta(microseconds=1)


def _leads(rows: list[LeadRow], terms: Terms) -> dict[str, Any]:
    persons, staff = people({row.person_id for row in rows}), names({row.owner_id for row in rows})
    currency = company().currency
    labels = ("Name", "Company", "Stage", "Owner", "Value")
    return {
        "caption": "Leads of this import",
        "columns": [{"label": words, "numeric": words == "Value"} for words in labels],
        "empty": "None that you may see.",
        "rows": [
            {
                "url": f"/leads/{row.id}",
                "cells": [
                    persons[row.person_id].name,
                    persons[row.person_id].company_name,
                    terms.label(row.stage),
                    staff.get(row.owner_id, ""),
                    {"text": money_short(row.expected_value, currency), "numeric": True},
                ],
            }
            for row in rows
        ],
    }
