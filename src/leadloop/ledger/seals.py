"""Sealing closed ranges of the ledger: a hash over every fact, chained, so that tampering shows."""

from __future__ import annotations

from hashlib import sha256

from django.db import connection, transaction

_ROWS = """
select concat_ws('|', id, epoch, xid, kind, lane, extract(epoch from happened_at), actor, person_id, company_id,
       lead_id, opportunity_id, programme_id, reason, agreement_version,
       amount, currency, base_amount, payload, cause_id)
  from ledger_event where epoch = %s and xid >= %s::text::xid8 and xid < %s::text::xid8 order by xid, id
"""


def seal() -> int:
    """Seal everything below the oldest transaction that is still open. Returns the number of facts sealed."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("select pg_advisory_xact_lock(hashtext('ledger.seal'))")
        cursor.execute("select max(number), pg_snapshot_xmin(pg_current_snapshot())::text from ledger_epoch")
        epoch, horizon = cursor.fetchone()
        cursor.execute(
            "select to_xid::text, digest from ledger_seal where epoch = %s order by id desc limit 1", [epoch]
        )
        start, previous = cursor.fetchone() or ("0", _last_digest())
        count, digest = _digest(epoch, start, horizon, previous)
        if count:
            cursor.execute(
                """insert into ledger_seal (from_xid, to_xid, epoch, events, digest, previous)
                   values (%s::text::xid8, %s::text::xid8, %s, %s, %s, %s)""",
                [start, horizon, epoch, count, digest, previous],
            )
        return count


def broken_seals() -> list[int]:
    """Ids of seals whose facts no longer give the sealed hash."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select id, epoch, from_xid::text, to_xid::text, events, digest, previous from ledger_seal order by id"
        )
        return [
            seal_id
            for seal_id, epoch, start, end, count, digest, previous in cursor.fetchall()
            if _digest(epoch, start, end, previous) != (count, digest)
        ]


def _last_digest() -> str:
    with connection.cursor() as other:
        other.execute("select digest from ledger_seal order by id desc limit 1")
        row = other.fetchone()
        return row[0] if row else ""


def _digest(epoch: int, start: str, end: str, previous: str) -> tuple[int, str]:
    hashed, count = sha256(previous.encode()), 0
    with connection.chunked_cursor() as cursor:
        cursor.execute(_ROWS, [epoch, start, end])
        while rows := cursor.fetchmany(5000):
            for (line,) in rows:
                hashed.update(line.encode())
                hashed.update(b"\n")
            count += len(rows)
    return count, hashed.hexdigest()
