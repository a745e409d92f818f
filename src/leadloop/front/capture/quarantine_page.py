"""What the quarantine's pages show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

import orjson

from leadloop.capture.contracts import NO_INQUIRIES, QuarantineRow
from leadloop.capture.parse.body import BodyError, flat
from leadloop.capture.parse.fields import Field, label
from leadloop.capture.parse.keys import resolver
from leadloop.capture.queries import (
    delivery,
    import_runs,
    inquiry,
    letter_shown,
    letter_values,
    portals,
    quarantine_size,
    quarantined,
)
from leadloop.capture.services import REPORTS
from leadloop.front.asking import number
from leadloop.front.capture.words import CODES, code_words
from leadloop.front.templatetags.ui import local
from leadloop.kernel.errors import NotFound
from leadloop.kernel.text import one_line
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope

PAGE = 50
NONE_TAB = "none"
EXCERPT = 120
OFFERED = (Field.FULL_NAME, Field.EMAIL, Field.PHONE, Field.COMPANY, Field.MESSAGE)
_NAMES = frozenset({Field.FULL_NAME, Field.GIVEN_NAME, Field.FAMILY_NAME})


def quarantine_page(viewer: Viewer, asked: Mapping[str, str]) -> dict[str, Any]:
    """Everything the list needs: a page of deliveries, and what it can be narrowed to. Six queries."""
    portal_id, code = number(asked.get("portal")), asked.get("code", "")[:60]
    before, inquiries = number(asked.get("before")), asked.get("tab") != NONE_TAB
    wanted: dict[str, Any] = {"portal_id": portal_id, "code": code, "inquiries": inquiries}
    rows = quarantined(viewer=viewer, before=before, limit=PAGE + 1, **wanted)
    shown = rows[:PAGE]
    kept = {name: value for name, value in (("portal", portal_id), ("code", code)) if value}
    tab = {} if inquiries else {"tab": NONE_TAB}
    total = quarantine_size(viewer=viewer, **wanted)
    others = quarantine_size(viewer=viewer, **{**wanted, "inquiries": not inquiries})
    counts = (total, others) if inquiries else (others, total)
    more = len(rows) > PAGE
    return {
        "rows": [_line(row, viewer.zone) for row in shown],
        "total": total,
        "tab": tab.get("tab", ""),
        "tabs": [
            {"label": "To look at", "url": _url(kept), "count": counts[0], "current": inquiries},
            {
                "label": "No inquiries",
                "url": _url({**kept, "tab": NONE_TAB}),
                "count": counts[1],
                "current": not inquiries,
            },
        ],
        "portals": [
            {"id": portal.id, "name": portal.name, "chosen": portal.id == portal_id} for portal in portals().values()
        ],
        "codes": [
            {"key": str(key), "words": words, "chosen": key == code}
            for key, words in CODES.items()
            if (key in NO_INQUIRIES) != inquiries
        ],
        "narrowed": bool(kept),
        "next_url": _url({**kept, **tab, "before": shown[-1].id}) if more else "",
        "may_replay": viewer.may(Capability.QUARANTINE, "edit"),
        "actions": [{"label": "Send through again", "url": "/quarantine/replay", "icon": "repeat"}],
    }


def _url(narrowed: Mapping[str, Any]) -> str:
    return f"/quarantine?{urlencode(narrowed)}" if narrowed else "/quarantine"


def _line(row: QuarantineRow, zone: str) -> dict[str, Any]:
    return {
        "id": row.id,
        "url": f"/quarantine/{row.id}",
        "reason": code_words(row.code),
        "portal": row.portal_name,
        "when": local(row.received_at, zone),
        "excerpt": one_line(_said(row), EXCERPT),
    }


def _said(row: QuarantineRow) -> str:
    """The values of a delivery, for reading; its text as it came when they can't be told apart."""
    if _is_letter(row):
        return row.context.get("about", "") if row.context.get("way") else letter_shown(row.body.encode())
    try:
        values = orjson.loads(row.body) if row.import_run_id else [value for _, _, value in _pairs(row)]
    except orjson.JSONDecodeError:
        values = []
    return " · ".join(value for value in values if value.strip()) or row.body


def _is_letter(row: QuarantineRow) -> bool:
    return row.content_type == "message/rfc822" or "way" in row.context


def held(viewer: Viewer, submission_id: int) -> QuarantineRow | None:
    """A delivery in quarantine that the viewer may see; None for any other. One or two queries."""
    rows = quarantined(viewer=viewer, before=submission_id + 1, limit=1)
    return rows[0] if rows and rows[0].id == submission_id else None


def within_reach(viewer: Viewer, ids: Collection[int]) -> list[int]:
    """Those of the deliveries that the viewer may send through again."""
    if viewer.scope(Capability.QUARANTINE, "edit") is Scope.ALL:
        return sorted(ids)
    return sorted(one for one in ids if held(viewer, one))


def delivery_page(viewer: Viewer, submission_id: int) -> dict[str, Any]:
    """One delivery: why it is here, what it said, and what can be put right. NotFound outside the viewer's reach."""
    row = held(viewer, submission_id)
    if row is None:
        return _gone(viewer, submission_id)
    where = f"Row {row.row_number} of an import" if row.import_run_id else ""
    pairs = [
        ("Portal", row.portal_name, f"/portals/{row.portal_id}" if viewer.may(Capability.PORTALS, "see") else ""),
        ("Arrived", local(row.received_at, viewer.zone), ""),
        ("Part of", where, f"/imports/{row.import_run_id}" if viewer.may(Capability.IMPORTS, "see") else ""),
        ("Sent through", _before(row.attempts), ""),
        ("Says it is", "" if where else row.content_type, ""),
    ]
    return {
        "row": row,
        "reason": code_words(row.code),
        "definitions": [{"term": term, "value": value, "url": url} for term, value, url in pairs if value],
        "values": values_of(row),
        "shown": letter_shown(row.body.encode()) if row.content_type == "message/rfc822" else row.body,
        "is_none": row.code in NO_INQUIRIES,
        "may_use_again": row.code in REPORTS and viewer.may(Capability.QUARANTINE, "edit"),
        "may_replay": viewer.may(Capability.QUARANTINE, "edit"),
    }


def _before(attempts: int) -> str:
    return "once before" if attempts == 1 else f"{attempts} times before" if attempts else ""


def _gone(viewer: Viewer, submission_id: int) -> dict[str, Any]:
    if viewer.scope(Capability.QUARANTINE, "see") is not Scope.ALL:
        raise NotFound("There is no such delivery in quarantine", mend="Look at the list of what is there")
    made = inquiry(delivery(submission_id).id)
    return {"row": None, "lead_url": f"/leads/{made.lead_id}" if made and made.lead_id else "", "made": made}


def values_of(row: QuarantineRow) -> list[dict[str, str]]:
    """What the delivery says, as it stands with its corrections: `name` in the form, `key`, `label`, `value`.

    After what was sent come fields that are often missing. Keys of imported rows are those of their columns' fields.
    """
    pairs = _row_pairs(row) if row.import_run_id else _pairs(row)
    known = {key for key, _, _ in pairs}
    meant = _meant(row, known)
    offered = [(str(field), label(field), "") for field in OFFERED if field not in known | meant]
    laid_over = row.corrected or {}
    return [
        {
            "name": f"value-{place}",
            "key": key,
            "label": words,
            "value": str(laid_over.get(key, value)),
            "long": "yes" if "\n" in value else "",
        }
        for place, (key, words, value) in enumerate([*pairs, *offered])
    ]


def _pairs(row: QuarantineRow) -> list[tuple[str, str, str]]:
    if _is_letter(row):
        return [(str(field), label(field), value) for field, value in letter_values(row.id).items()]
    try:
        found = flat(row.body.encode(), row.content_type)
    except BodyError:
        return []
    return [(key, key, value) for key, value in dict(found).items() if not key.startswith("_")]


def _row_pairs(row: QuarantineRow) -> list[tuple[str, str, str]]:
    runs = import_runs([row.import_run_id] if row.import_run_id else [])
    try:
        cells: Sequence[str] = orjson.loads(row.body)
    except orjson.JSONDecodeError:  # a row so long that it is not shown whole
        return []
    columns = runs[0].reading["columns"] if runs else []
    return [
        (column["field"] or column["header"], column["header"], cells[column["index"]])
        for column in columns
        if column["index"] < len(cells) and column["field"] != Field.IGNORE
    ]


def _meant(row: QuarantineRow, keys: Collection[str]) -> set[str]:
    """The fields that these keys mean, so that a field is not offered twice; any part of a name counts as the name."""
    portal = portals()[row.portal_id]
    find = resolver(portal.mapping, ours=row.import_run_id is not None)
    fields = {str(find(key) or key) for key in keys}
    return fields | ({str(Field.FULL_NAME)} if fields & _NAMES else set())


def _typed(text: str) -> str:
    """A text with the line ends that browsers send made our own again."""
    return text.replace("\r\n", "\n").strip()


def corrections(row: QuarantineRow, given: Mapping[str, str]) -> dict[str, str]:
    """What a person changed, on top of what was corrected before; empty when nothing is different."""
    changed = {
        one["key"]: text
        for one in values_of(row)
        if one["name"] in given and (text := _typed(given[one["name"]])) != _typed(one["value"])
    }
    return {**(row.corrected or {}), **changed} if changed else {}
