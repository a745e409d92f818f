"""The newest version, kept in this process for up to a second.

A row is kept only once nothing can take it back: a version written by a transaction that is still open, our own
or another's, is read anew each time, so a rollback leaves no trace here.
"""

from __future__ import annotations

import time

import orjson
from django.db import connection, transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.values import dataclass

FRESH = 1.0  # seconds

# `xmin` is the transaction that wrote the row; below the oldest one still running, it is certainly over.
_NEWEST = """
select id, version, in_force_from, clauses::text,
       xmin::text::bigint < (pg_snapshot_xmin(pg_current_snapshot())::text::bigint & 4294967295) as settled
  from agreement_agreement
 where version is not null
 order by version desc
 limit 1
"""


@dataclass(frozen=True, slots=True)
class _Kept:
    row_id: int
    terms: Terms
    read_at: float
    database: str


_kept: _Kept | None = None


def newest(*, fresh: bool = False) -> Terms | None:
    """The newest version; None when nothing was ever signed. At most one query, none while memory is a second old.

    `fresh` asks the database in any case.
    """
    global _kept  # noqa: PLW0603 - one slot per process, replaced as a whole
    kept, database = _kept, str(connection.settings_dict["NAME"])
    if kept and not fresh and kept.database == database and time.monotonic() - kept.read_at < FRESH:
        return kept.terms
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST)
        row = cursor.fetchone()
    if row is None:
        _kept = None
        return None
    row_id, version, since, clauses, settled = row
    same = kept and (kept.database, kept.row_id) == (database, row_id)
    terms = kept.terms if kept and same else _terms(version, since, clauses)
    _kept = _Kept(row_id, terms, time.monotonic(), database) if settled else None
    return terms


def forget() -> None:
    """Read anew at the next question, and once more after the open transaction, if there is one, is committed."""
    _drop()
    transaction.on_commit(_drop)


def _drop() -> None:
    global _kept  # noqa: PLW0603 - see above
    _kept = None


def _terms(version: int, since: object, clauses: str) -> Terms:
    return Terms.model_validate({"version": version, "in_force_from": since, "clauses": orjson.loads(clauses)})
