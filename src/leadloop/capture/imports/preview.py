"""A dry run: every row is read as it would be, looked up among the people who are known, and nothing is stored."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import Any

import orjson

from leadloop.capture.contracts import Claimed, Parsed, PortalRow, Unreadable
from leadloop.capture.imports.contracts import ASK, FILL, SKIP
from leadloop.capture.imports.table import Table, open_table, rows
from leadloop.capture.lists.versions import lists_for
from leadloop.capture.parse import UNMATCHED, Known, RowPlan, build, compile_plan, draft, touch
from leadloop.capture.parse.fields import Field
from leadloop.capture.rules import held_back
from leadloop.identity import queries as identity
from leadloop.identity.rules.keys import person_keys
from leadloop.people import queries as people

_BATCH = 2_000
_MOST_SHOWN = 200
_FIRST = 5
_NOTHING_KNOWN = Known({}, {}, {}, {})
Progress = Callable[[int], None]


@dataclass(slots=True)
class Trouble:
    """One kind of trouble: in how many rows, and the numbers of the first ones."""

    rows: int = 0
    first: list[int] = field(default_factory=list)

    def add(self, number: int) -> None:
        """Count a row."""
        self.rows += 1
        if len(self.first) < _FIRST:
            self.first.append(number)


@dataclass(slots=True)
class Preview:
    """What would come of a file: rows = new + known + repeated + errors + left_out + asked.

    `new` are people nobody knows yet, `known` those who are known and would be filled in or overwritten, `repeated`
    rows about somebody whom an earlier row of the file names, `left_out` and `asked` known ones that the file's policy
    holds back. `errors` are rows for quarantine by code, `doubts` rows that come in though a cell can't be read, by
    field; `refused` the first of the errors as (row number, plain words). `suppressed` are rows with an address that
    must not be written to and stays so, `erased` those whose person asked to be forgotten.
    """

    rows: int = 0
    new: int = 0
    known: int = 0
    repeated: int = 0
    left_out: int = 0
    asked: int = 0
    errors: dict[str, Trouble] = field(default_factory=dict)
    doubts: dict[str, Trouble] = field(default_factory=dict)
    refused: list[tuple[int, str]] = field(default_factory=list)
    disposable: int = 0
    flagged: int = 0
    suppressed: int = 0
    erased: int = 0

    @property
    def held(self) -> int:
        """How many rows can't be taken in."""
        return sum(one.rows for one in self.errors.values())

    def as_json(self) -> dict[str, Any]:
        """For keeping beside the file."""
        return asdict(self)


def from_json(kept: Mapping[str, Any]) -> Preview:
    """The preview that was kept."""
    read = {name: {key: Trouble(**one) for key, one in kept[name].items()} for name in ("errors", "doubts")}
    return Preview(**{**kept, **read, "refused": [(number, words) for number, words in kept["refused"]]})


def preview(
    *, path: Path, portal: PortalRow, reading: Mapping[str, Any], now: datetime, progress: Progress | None = None
) -> Preview:
    """Read every row without storing anything. Three queries per two thousand rows.

    `reading` is in the form in which it is kept with a run. Memory grows with the people of the file, by some bytes
    for each.
    """
    table = open_table(
        path,
        encoding=reading["encoding"] or None,
        delimiter=reading["delimiter"] or None,
        sheet=reading["sheet"] or None,
        has_header=reading["has_header"],
    )
    found, seen = Preview(), set[int]()
    known = replace(_NOTHING_KNOWN, lists=lists_for([portal]))
    results = _results(table, portal, compile_plan(reading), known, now)
    while batch := list(islice(results, _BATCH)):
        _add(found, batch, seen, reading.get("on_known", FILL))
        if progress:
            progress(found.rows)
    return found


def _results(
    table: Table, portal: PortalRow, plan: RowPlan, known: Known, now: datetime
) -> Iterator[tuple[int, Parsed | Unreadable]]:
    for number, cells in rows(table):
        one = Claimed(
            submission_id=number,
            portal=portal,
            body=orjson.dumps(cells),
            content_type="",
            context={},
            received_at=now,
            happened_at=None,
            row_number=number,
        )
        made = draft(one, plan)
        if isinstance(made, Unreadable):
            yield number, made
        else:
            yield number, build(made, touch(made), known, UNMATCHED)


def _add(found: Preview, batch: Sequence[tuple[int, Parsed | Unreadable]], seen: set[int], on_known: str) -> None:
    found.rows += len(batch)
    parsed = [(number, one) for number, one in batch if isinstance(one, Parsed)]
    for number, one in batch:
        if isinstance(one, Unreadable):
            _refuse(found, number, one)
    known = identity.known([one.candidate for _, one in parsed])
    for number, one in parsed:
        _sort(found, number, one, seen, is_known=one.ref in known, on_known=on_known)
        for name in _doubts(one):
            found.doubts.setdefault(name, Trouble()).add(number)
    emails = [one.candidate.email for _, one in parsed if one.candidate.email]
    barred, gone = people.suppressed(emails, "email", "marketing"), people.erased(emails, "email")
    found.disposable += sum(one.candidate.disposable for _, one in parsed)
    found.flagged += sum(one.flagged_by is not None for _, one in parsed)
    found.suppressed += sum(address in barred and address not in gone for address in emails)
    found.erased += sum(address in gone for address in emails)


def _doubts(one: Parsed) -> Iterator[str]:
    """The fields of which a row says something that can't be read."""
    who = one.candidate
    if Field.CREATED_AT in who.attributes:
        yield Field.CREATED_AT
    if who.email is None and who.email_given:
        yield Field.EMAIL
    if who.phone is None and who.phone_given:
        yield Field.PHONE


def _refuse(found: Preview, number: int, one: Unreadable) -> None:
    found.errors.setdefault(str(one.code), Trouble()).add(number)
    if len(found.refused) < _MOST_SHOWN:
        found.refused.append((number, one.text))


def _sort(found: Preview, number: int, one: Parsed, seen: set[int], *, is_known: bool, on_known: str) -> None:
    keys = set(map(hash, person_keys(one.candidate)))
    came_before = not keys.isdisjoint(seen)
    seen |= keys
    if is_known and on_known in (SKIP, ASK):
        found.left_out += on_known == SKIP
        found.asked += on_known == ASK
        if len(found.refused) < _MOST_SHOWN:
            found.refused.append((number, held_back(one).text))
    elif came_before:
        found.repeated += 1
    elif is_known:
        found.known += 1
    else:
        found.new += 1
