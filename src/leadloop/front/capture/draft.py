"""A file that is being understood: what was chosen so far, kept beside the file until it is brought in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import Options, Reading, understand
from leadloop.capture.imports.reading import shape
from leadloop.front.asking import number
from leadloop.front.capture.choices import target
from leadloop.kernel.errors import NotFound
from leadloop.loop import files

LAYOUT = ("encoding", "delimiter", "sheet")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chosen:
    """What a person chose; the rest is found out. The names are those of `Options`."""

    encoding: str | None = None
    delimiter: str | None = None
    sheet: str | None = None
    has_header: bool | None = None
    fields: dict[str, str] = field(default_factory=dict)
    date_style: str | None = None
    country: str | None = None
    owners: dict[str, int] = field(default_factory=dict)
    fallback_owner: int | None = None
    statuses: dict[str, str] = field(default_factory=dict)
    converted: str | None = None
    fresh: bool | None = None
    on_known: str | None = None
    basis: str | None = None
    basis_words: str | None = None
    template: str = ""


@dataclass(frozen=True, slots=True)
class Draft:
    """One uploaded file. `shown` is what the page offered last, so that only what differs counts as chosen."""

    name: str
    file_name: str
    portal_id: int
    user_id: int
    chosen: Chosen
    shown: dict[str, Any]

    def save(self) -> None:
        """Keep it beside the file."""
        files.note(self.name, {key: value for key, value in asdict(self).items() if key != "name"})


def begin(name: str, *, file_name: str, portal_id: int, user_id: int) -> Draft:
    """Note an upload."""
    made = Draft(name, file_name, portal_id, user_id, Chosen(), {})
    made.save()
    return made


def find(name: str, *, user_id: int) -> Draft:
    """An upload of one's own; NotFound for others' and for one that is gone."""
    kept = files.about(name)
    if kept["user_id"] != user_id:
        raise NotFound("This file is not here any more", mend="Upload it again")
    return Draft(name, kept["file_name"], kept["portal_id"], user_id, Chosen(**kept["chosen"]), kept["shown"])


def read(draft: Draft, portal: PortalRow) -> Reading:
    """How the file is understood with what was chosen; choices about columns it does not have are left out."""
    path = files.place(draft.name)
    options = Options(**asdict(draft.chosen))
    headers = set(shape(path, options).headers)
    fitting = {header: name for header, name in draft.chosen.fields.items() if header in headers}
    return understand(path=path, portal=portal, options=replace(options, fields=fitting), name=draft.file_name)


def with_shown(draft: Draft, reading: Reading) -> Draft:
    """The draft, remembering what the page shows now."""
    shown = {
        "columns": [[column.header, column.field] for column in reading.columns],
        "owners": [[row.text, row.user_id] for row in reading.owners],
        "statuses": [[row.text, target(row.stage, row.closed_as, row.reason)] for row in reading.statuses],
        "layout": {name: getattr(reading, name) for name in LAYOUT},
        "has_header": reading.has_header,
        "country": reading.country,
        "fallback_owner": str(reading.fallback_owner or ""),
        "converted": _converted(reading),
        "fresh": reading.fresh,
    }
    return replace(draft, shown=shown)


def with_answers(draft: Draft, given: Mapping[str, str]) -> Draft:
    """The draft with what was chosen on the page laid over what was chosen before."""
    if not draft.shown:
        return draft
    was, shown = draft.chosen, draft.shown
    layout: dict[str, Any] = {
        name: _differs(given.get(name), shown["layout"][name], getattr(was, name)) for name in LAYOUT
    }
    has_header = "has_header" in given
    owners = _rows(given, "owner", shown["owners"])
    chosen = replace(
        was,
        **layout,
        has_header=has_header if has_header != shown["has_header"] else was.has_header,
        fields=was.fields | _rows(given, "field", shown["columns"]),
        date_style=given.get("date_style") or was.date_style,
        country=_differs((given.get("country") or "").strip().upper(), shown["country"], was.country),
        owners=was.owners | {text: found for text, one in owners.items() if (found := number(one))},
        fallback_owner=number(_differs(given.get("fallback_owner"), shown["fallback_owner"], None))
        or was.fallback_owner,
        statuses=was.statuses | _rows(given, "status", shown["statuses"]),
        converted=given["converted"]
        if given.get("converted", shown["converted"]) != shown["converted"]
        else was.converted,
        fresh="fresh" in given if ("fresh" in given) != shown["fresh"] else was.fresh,
        on_known=given.get("on_known") or was.on_known,
        basis=given.get("basis") or was.basis,
        basis_words=given.get("basis_words", was.basis_words),
    )
    if (template := given.get("template", was.template)) != was.template:
        chosen = Chosen(
            encoding=was.encoding,
            delimiter=was.delimiter,
            sheet=was.sheet,
            has_header=was.has_header,
            template=template,
        )  # a saved mapping is taken as it is; what was chosen for this file's columns before goes
    return replace(draft, chosen=chosen)


def _converted(reading: Reading) -> str:
    row = reading.converted
    return target(row.stage, row.closed_as, row.reason) if row else ""


def _differs(given: str | None, shown: str, before: str | None) -> str | None:
    return given if given and given != shown else before


def _rows(given: Mapping[str, str], name: str, shown: list[list[Any]]) -> dict[str, str]:
    """The rows of a table in which something else was chosen than it showed."""
    answers = ((text, value, given.get(f"{name}-{place}")) for place, (text, value) in enumerate(shown))
    return {text: answer for text, value, answer in answers if answer is not None and answer != str(value)}
