"""The rows of a file as deliveries, in every run of the same file alike."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

import orjson

from leadloop.capture.contracts import Delivery
from leadloop.capture.imports.table import Table, open_table, rows
from leadloop.capture.models import ImportRun
from leadloop.kernel import ids

_ROW_TYPE = "application/x-leadloop-row"


def deliveries_of(table: Table, run: ImportRun, id_column: int | None) -> Iterator[Delivery]:
    """Make a delivery of each row. Equal rows are told apart by how often they came, in every run alike."""
    width = len(table.headers)
    seen: set[int] = set()
    again: dict[int, int] = {}
    for number, cells in rows(table):
        body = orjson.dumps(cells[:width])
        print_ = hashlib.blake2b(body, digest_size=8).digest()
        key = f"row:{print_.hex()}"
        if id_column is not None and id_column < len(cells) and cells[id_column].strip():
            key = f"row:{ids.sha256_hex(cells[id_column].strip())[:16]}:{print_.hex()}"
        else:
            mark = int.from_bytes(print_, "big")
            if mark in seen:
                again[mark] = again.get(mark, 1) + 1
                key = f"{key}:{again[mark]}"
            seen.add(mark)
        yield Delivery(
            portal_id=run.portal_id,
            key=key,
            body=body,
            content_type=_ROW_TYPE,
            import_run_id=run.id,
            row_number=number,
        )


def opened(run: ImportRun, path: Path) -> Table:
    """Open the file exactly as its reading says."""
    reading = run.reading
    return open_table(
        path,
        encoding=reading["encoding"] or None,
        delimiter=reading["delimiter"] or None,
        sheet=reading["sheet"] or None,
        has_header=reading["has_header"],
    )
