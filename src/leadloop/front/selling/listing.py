"""The list of all deals, open and closed: filters in the address, keyset paging."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from leadloop.front.asking import number
from leadloop.front.cells import Piece
from leadloop.front.selling.table import deals_table
from leadloop.kernel.errors import Invalid
from leadloop.people.queries import companies
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import users
from leadloop.selling.contracts import State
from leadloop.selling.queries import deals, pipeline_stages

PAGE = 50
STATES = {"": "All", State.OPEN: "Open", State.WON: "Won", State.LOST: "Lost"}
LACKING = {"": "All", "company": "Without a company", "next_step": "Without a next step"}
IN_FORM = ("owner", "stage", "company")


def deals_page(viewer: Viewer, asked: Mapping[str, str], *, now: datetime) -> Piece:
    """Everything the list's template needs. Raises Invalid for what makes no sense."""
    page = deals(viewer, filters=filters_of(asked), now=now, after=asked.get("after"), limit=PAGE)
    staff = {row.id: row.name for row in users(active=True).values()}
    stages = {stage.key: stage.label for stage in pipeline_stages()}
    table = deals_table("Deals", page.rows, viewer.zone)
    return {
        "table": {**table, "total": page.total, "empty": "No deal fits. Remove a filter."},
        "total": page.total,
        "asked": {key: asked.get(key, "") for key in ("q", *IN_FORM)},
        "kept": [(key, asked[key]) for key in ("state", "without", *IN_FORM) if asked.get(key)],
        "unfiltered": [(key, asked[key]) for key in ("q", "state", "without") if asked.get(key)],
        "owners": [(str(viewer.user_id), "Me"), *((str(key), name) for key, name in staff.items())],
        "stages": list(stages.items()),
        "chips": _chips(asked, staff, stages),
        "states": _segments(asked, "state", STATES),
        "lacking": _segments(asked, "without", LACKING),
        "next_url": _address(asked, after=page.next_cursor) if page.next_cursor else "",
    }


def filters_of(asked: Mapping[str, str]) -> dict[str, Any]:
    """The filters of an address, as `selling.queries.deals` takes them."""
    owner = asked.get("owner", "")
    if owner and number(owner) is None:
        raise Invalid(f"{owner} is no number", field="owner", mend="Remove this filter")
    words = {key: asked.get(key, "").strip() for key in ("q", "state", "stage", "without")}
    firm = asked.get("company", "")
    if firm and number(firm) is None:
        raise Invalid(f"{firm} is no number", field="company", mend="Remove this filter")
    return {**words, "owner": number(owner), "company": number(firm)}


def _segments(asked: Mapping[str, str], name: str, choices: Mapping[Any, str]) -> list[dict[str, Any]]:
    return [
        {"label": label, "url": _address(asked, **{name: str(key)}), "current": asked.get(name, "") == key}
        for key, label in choices.items()
    ]


def _chips(asked: Mapping[str, str], staff: Mapping[int, str], stages: Mapping[str, str]) -> list[dict[str, str]]:
    said = {}
    if asked.get("owner"):
        said["owner"] = f"Owner: {staff.get(number(asked['owner']) or 0, asked['owner'])}"
    if asked.get("stage"):
        said["stage"] = f"Stage: {stages.get(asked['stage'], asked['stage'])}"
    if firm := number(asked.get("company")):
        row = companies([firm]).get(firm)
        said["company"] = f"Company: {row.name if row else firm}"
    return [{"text": text, "remove_url": _address(asked, **{key: None})} for key, text in said.items()]


def _address(asked: Mapping[str, str], **changed: str | None) -> str:
    """This list with something changed; a new filter starts at the first page."""
    kept = {key: value for key, value in asked.items() if key != "after" and value}
    left = {key: value for key, value in {**kept, **changed}.items() if value}
    return "/deals" + (f"?{urlencode(left)}" if left else "")
