"""Runs of imports with what became of their rows."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

import orjson
from django.db import connection

from leadloop.capture.contracts import ImportRunRow
from leadloop.capture.models import ImportRun, Submission
from leadloop.kernel.errors import NotFound

_RUNS = """
select r.id, r.portal_id, r.file_name, r.state, r.rows, r.stored, r.known,
       coalesce(s.new, 0), coalesce(s.joined, 0), coalesce(s.other, 0), coalesce(s.quarantined, 0),
       coalesce(s.waiting, 0), r.started_by, r.started_at, r.finished_at, r.error, r.reading,
       r.undone_at, r.undone
  from capture_importrun r
  left join lateral (
       select count(*) filter (where state = 'new') as new, count(*) filter (where state = 'joined') as joined,
              count(*) filter (where state = 'other') as other,
              count(*) filter (where state = 'quarantined') as quarantined,
              count(*) filter (where state = 'received') as waiting
         from capture_submission where import_run_id = r.id) s on true
 where %s::bigint[] is null or r.id = any(%s::bigint[])
 order by r.id desc
 limit %s
"""


def import_runs(ids: Collection[int] | None = None, limit: int = 50) -> list[ImportRunRow]:
    """Runs, newest first, all of them or those with these ids. One query."""
    wanted = None if ids is None else list(ids)
    with connection.cursor() as cursor:
        cursor.execute(_RUNS, [wanted, wanted, limit])
        return [_row(row) for row in cursor.fetchall()]


def _row(values: Sequence[Any]) -> ImportRunRow:
    read = [*values[:-3], orjson.loads(values[-3]), values[-2], orjson.loads(values[-1])]
    return ImportRunRow(*read)


def refused_rows(run_id: int) -> tuple[list[str], list[tuple[int, list[str], str]]]:
    """The headings of a run's file, and its rows in quarantine as (row number, cells, why). Two queries.

    Made to be given back as a file with one more column; whoever writes it guards cells against formulas.
    """
    reading = ImportRun.objects.filter(id=run_id).values_list("reading", flat=True).first()
    if reading is None:
        raise NotFound(f"there is no import {run_id}", field="run")
    held = (
        Submission.objects.filter(import_run_id=run_id, state=Submission.State.QUARANTINED)
        .order_by("row_number")
        .values_list("row_number", "body", "reason_text")
    )
    headers = [column["header"] for column in reading["columns"]]
    return headers, [(number or 0, orjson.loads(bytes(body)), text) for number, body, text in held]
