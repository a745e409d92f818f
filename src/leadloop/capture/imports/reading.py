"""Understanding a file before anything is stored: what is shown, what is asked, what is kept with the run."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Any

from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import notes, owners, statuses
from leadloop.capture.imports.columns import Guess, Seen, guess
from leadloop.capture.imports.content import home_of, kind_of
from leadloop.capture.imports.contracts import Column, Options, OwnerRow, Reading, SourceRow, StatusRow
from leadloop.capture.imports.policy import policy
from leadloop.capture.imports.scan import Scan, scan
from leadloop.capture.imports.table import Table, digest, headers_digest, open_table, rows, safe_name
from leadloop.capture.parse.clean import is_blank
from leadloop.capture.parse.dates import Style
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import squash
from leadloop.capture.parse.words import is_yes
from leadloop.kernel.clock import time_zone

_LOOKED_AT = 400
_SAMPLES = 3
_MOST_KINDS = 60  # a column with more different texts than this is no list of statuses, owners or sources
_UNIQUE = 0.98
_LISTS = (Field.OWNER, Field.STATUS, Field.SOURCE)


@dataclass(slots=True)
class _Work:
    """What is known about a file while it is being understood."""

    table: Table
    seen: list[Seen]
    guesses: list[Guess]
    scan: Scan

    def column(self, field: Field) -> int | None:
        """Return the column that goes to a field."""
        return next((place for place, one in enumerate(self.guesses) if one.field == field), None)

    def texts(self, field: Field) -> Mapping[str, int]:
        """Return what occurs in the column of a field with its number of rows, most frequent first."""
        place = self.column(field)
        counts = self.scan.columns[place].texts if place is not None else None
        return dict(counts.most_common()) if counts else {}


def shape(path: Path, options: Options) -> Table:
    """Return how a file is laid out; enough to look a saved mapping up by its headings."""
    return open_table(
        path,
        encoding=options.encoding,
        delimiter=options.delimiter,
        sheet=options.sheet,
        has_header=options.has_header,
    )


def plan(
    path: Path, portal: PortalRow, options: Options, saved: Mapping[str, Any] | None = None, *, name: str = ""
) -> Reading:
    """Return how a file is understood. Reads it twice, in pieces, and writes nothing.

    `saved` is the reading kept for files with these headings, whose choices count where none is made now; `name` what
    the file was called where it came from. Invalid for a file that is no table.
    """
    work = _look(shape(path, options), portal, options, saved or {})
    _demote(work)
    zone, fallback = options.zone or "UTC", options.fallback_owner or portal.owner_id
    time_zone(zone)
    columns = _columns(work, options, saved or {})
    country, share = _home(work, options, portal, saved or {})
    reading = Reading(
        file_name=safe_name(name or path.name),
        file_digest=digest(path),
        headers_digest=headers_digest(work.table.headers),
        encoding=work.table.encoding.name,
        encoding_how=work.table.encoding.how,
        delimiter=work.table.delimiter,
        sheet=work.table.sheet,
        has_header=work.table.has_header,
        columns=columns,
        rows=work.scan.rows,
        zone=zone,
        country=country,
        owners=_owners(work, options, saved, fallback),
        fallback_owner=fallback,
        statuses=_statuses(work, options, saved),
        converted=_converted(work, options, saved),
        sources=_sources(work, options),
        fresh=options.fresh if options.fresh is not None else bool((saved or {}).get("fresh", False)),
        **policy(options, saved or {}),
        bad_cells=tuple(work.scan.bad_cells),
        bad_cell_count=work.scan.bad_cell_count,
        questions=notes.questions(columns),
        notes=(),
    )
    return notes.with_notes(
        reading,
        short=work.scan.short,
        long=work.scan.long,
        phones_read=share,
        home=portal.country,
        is_returned=work.table.is_returned,
    )


def _look(table: Table, portal: PortalRow, options: Options, saved: Mapping[str, Any]) -> _Work:
    """Look at the first rows, guess the fields, then pass over all rows once."""
    first = [cells for _, cells in islice(rows(table), _LOOKED_AT)]
    seen = []
    for index, header in enumerate(table.headers):
        said = [cells[index].strip() for cells in first if index < len(cells)]
        texts = [text for text in said if not is_blank(text)]
        seen.append(Seen(header, kind_of(texts), texts))
    kept = {c["header"]: c["field"] for c in saved.get("columns", ()) if c["how"] in ("chosen", "saved")}
    guesses = guess(seen, portal=dict(portal.mapping), saved=kept, chosen=options.fields)
    dates = {place for place, one in enumerate(guesses) if one.field == Field.CREATED_AT}
    unique = {place for place, one in enumerate(guesses) if one.field in (Field.EXTERNAL_ID, Field.PERSON_ID)}
    found = scan(rows(table, mended=False), table.headers, dates=dates, unique=unique, mixed=table.encoding.mixed)
    return _Work(table, seen, guesses, found)


def _demote(work: _Work) -> None:
    """Take fields back whose columns, looked at whole, can't be what their headings say."""
    for place, one in enumerate(work.guesses):
        column = work.scan.columns[place]
        if one.how in ("chosen", "saved") or not column.filled:
            continue
        several = column.texts is None or len(column.texts) > _MOST_KINDS
        distinct = len(column.seen) if column.seen is not None else column.filled
        if (
            (one.field in _LISTS and several)
            or (one.field == Field.EXTERNAL_ID and distinct < _UNIQUE * column.filled)
            or (one.field == Field.PERSON_ID and distinct * 10 < column.filled)
        ):
            work.guesses[place] = Guess("", "", 0.0)


def _columns(work: _Work, options: Options, saved: Mapping[str, Any]) -> tuple[Column, ...]:
    kept = {c["header"]: c["style"] for c in saved.get("columns", ())}
    made = []
    for place, (seen, one) in enumerate(zip(work.seen, work.guesses, strict=True)):
        scanned = work.scan.columns[place]
        styles = scanned.best_styles() if one.field == Field.CREATED_AT else []
        made.append(
            Column(
                index=place,
                header=seen.header,
                field=str(one.field),
                how=one.how,
                confidence=one.confidence,
                fill=round(scanned.filled / work.scan.rows, 4) if work.scan.rows else 0.0,
                samples=tuple(dict.fromkeys(text[:80] for text in seen.texts))[:_SAMPLES],
                content=seen.content,
                style=_style(styles, options.date_style or kept.get(seen.header, "")),
                styles=tuple(map(str, styles)),
            )
        )
    return tuple(made)


def _style(styles: list[Style], wanted: str) -> str:
    """Return the one style dates are read in: what was asked for if it is possible, else the only possible one."""
    if wanted in styles:
        return wanted
    return str(styles[0]) if len(styles) == 1 else ""


def _home(work: _Work, options: Options, portal: PortalRow, saved: Mapping[str, Any]) -> tuple[str, float]:
    """Return the country for numbers without a code, and the share of sampled numbers that can be read with it."""
    own = options.country or saved.get("country") or portal.country
    place = next((p for field in (Field.PHONE, Field.MOBILE) if (p := work.column(field)) is not None), None)
    if place is None:
        return own, 1.0
    found, share = home_of(work.seen[place].texts[:100], own)
    return (own, share) if options.country else (found, share)


def _owners(work: _Work, options: Options, saved: Mapping[str, Any] | None, fallback: int) -> tuple[OwnerRow, ...]:
    kept = {row["text"]: row["user_id"] for row in (saved or {}).get("owners", ()) if row["how"] == "chosen"}
    known = owners.Owners(options.users, kept | dict(options.owners), fallback)
    return tuple(known.row(text, count) for text, count in work.texts(Field.OWNER).items())


def _statuses(work: _Work, options: Options, saved: Mapping[str, Any] | None) -> tuple[StatusRow, ...]:
    kept = {row["text"]: _target(row) for row in (saved or {}).get("statuses", ()) if row["how"] == "chosen"}
    decided = kept | dict(options.statuses)
    return tuple(statuses.row(text, count, decided.get(text)) for text, count in work.texts(Field.STATUS).items())


def _converted(work: _Work, options: Options, saved: Mapping[str, Any] | None) -> StatusRow | None:
    rows_converted = sum(count for text, count in work.texts(Field.CONVERTED).items() if is_yes(text))
    if work.column(Field.CONVERTED) is None:
        return None
    kept = (saved or {}).get("converted")
    chosen = options.converted
    if chosen is None and kept and kept["how"] == "chosen":
        chosen = _target(kept)
    return statuses.converted(rows_converted, chosen)


def _sources(work: _Work, options: Options) -> tuple[SourceRow, ...]:
    known = {squash(key): source for key, source in options.sources.items()}
    return tuple(SourceRow(text, count, known.get(squash(text))) for text, count in work.texts(Field.SOURCE).items())


def _target(row: Mapping[str, Any]) -> str:
    """Return a decision about a status in the writing of options."""
    return row["stage"] or (f"{row['closed_as']}/{row['reason']}" if row["closed_as"] else "")
