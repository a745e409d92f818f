"""Batches of paper replies with their balance."""

from __future__ import annotations

from collections.abc import Collection

from django.db import connection

from leadloop.capture.models import PaperRow
from leadloop.capture.papers import BatchRow, PaperRowRow

_BATCHES = """
select b.id, b.portal_id, b.name, b.key_code, b.programme_id, b.expected, b.twice, b.happened_on, b.opened_by,
       b.opened_at, b.released_at, b.released_by, b.reason, coalesce(r.entered, 0), coalesce(r.checked, 0),
       coalesce(r.differing, 0)
  from capture_paperbatch b
  left join lateral (
       select count(*) as entered, count(*) filter (where checked) as checked,
              count(*) filter (where again is not null) as differing
         from capture_paperrow where batch_id = b.id) r on true
 where %s::bigint[] is null or b.id = any(%s::bigint[])
 order by b.id desc
 limit %s
"""


def batches(ids: Collection[int] | None = None, limit: int = 100) -> list[BatchRow]:
    """Batches, newest first, all of them or those with these ids. One query."""
    wanted = None if ids is None else list(ids)
    with connection.cursor() as cursor:
        cursor.execute(_BATCHES, [wanted, wanted, limit])
        return [BatchRow(*row) for row in cursor.fetchall()]


def paper_rows(batch_id: int) -> list[PaperRowRow]:
    """The rows of a batch in their order. One query."""
    found = PaperRow.objects.filter(batch_id=batch_id).order_by("number")
    names = ("number", "texts", "again", "checked", "entered_by", "submission_id")
    return [PaperRowRow(*row) for row in found.values_list(*names)]
