"""A dry run: every row is read as it would be, and nothing is stored."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from itertools import islice
from pathlib import Path

import orjson

from leadloop.capture.contracts import Claimed, Parsed, PortalRow, Unreadable
from leadloop.capture.imports.contracts import Reading
from leadloop.capture.imports.table import Table, open_table, rows
from leadloop.capture.parse import UNMATCHED, Known, RowPlan, build, compile_plan, draft, touch
from leadloop.kernel.values import dataclass
from leadloop.people import queries as people

_BATCH = 2_000
_MOST_SHOWN = 200
_NOTHING_KNOWN = Known({}, {}, {})


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come of a file.

    `unreadable` counts rows by the code under which they would go to quarantine, `refused` the first of them as (row
    number, plain words). `repeated` are rows with an e-mail address that an earlier row has, `suppressed` those with
    one that must not be written to and will stay so, `erased` those whose person asked to be forgotten.
    """

    rows: int
    readable: int
    unreadable: dict[str, int]
    refused: tuple[tuple[int, str], ...]
    repeated: int
    disposable: int
    suppressed: int
    erased: int


def preview(*, path: Path, portal: PortalRow, reading: Reading, now: datetime) -> Preview:
    """Read every row without storing anything. Two queries per two thousand rows."""
    kept = reading.as_json()
    plan = compile_plan(kept)
    table = open_table(
        path,
        encoding=reading.encoding or None,
        delimiter=reading.delimiter or None,
        sheet=reading.sheet or None,
        has_header=reading.has_header,
    )
    found = Preview(0, 0, {}, (), 0, 0, 0, 0)
    seen: set[int] = set()
    results = _results(table, portal, plan, now)
    while batch := list(islice(results, _BATCH)):
        found = _add(found, batch, seen)
    return found


def _results(
    table: Table, portal: PortalRow, plan: RowPlan, now: datetime
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
            yield number, build(made, touch(made), _NOTHING_KNOWN, UNMATCHED)


def _add(found: Preview, batch: list[tuple[int, Parsed | Unreadable]], seen: set[int]) -> Preview:
    parsed = [one for _, one in batch if isinstance(one, Parsed)]
    held = [(number, one) for number, one in batch if isinstance(one, Unreadable)]
    emails = [one.candidate.email for one in parsed if one.candidate.email]
    repeated = 0
    for address in emails:
        repeated += hash(address) in seen
        seen.add(hash(address))
    barred, gone = people.suppressed(emails, "email", "marketing"), people.erased(emails, "email")
    return replace(
        found,
        rows=found.rows + len(batch),
        readable=found.readable + len(parsed),
        unreadable=dict(Counter(found.unreadable) + Counter(str(one.code) for _, one in held)),
        refused=(*found.refused, *((number, one.text) for number, one in held))[:_MOST_SHOWN],
        repeated=found.repeated + repeated,
        disposable=found.disposable + sum(one.candidate.disposable for one in parsed),
        suppressed=found.suppressed + sum(address in barred for address in emails),
        erased=found.erased + sum(address in gone for address in emails),
    )
