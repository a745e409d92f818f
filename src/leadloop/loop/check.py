"""`leadloop check`: are the promises kept? Every room brings its own checks; this runs them on the live database."""

from __future__ import annotations

from django.db import connection, transaction

from leadloop.capture.checks import CHECKS as CAPTURE
from leadloop.distribution.checks import CHECKS as DISTRIBUTION
from leadloop.identity.checks import CHECKS as IDENTITY
from leadloop.kernel.values import dataclass
from leadloop.leads.checks import CHECKS as LEADS
from leadloop.ledger.checks import CHECKS as LEDGER
from leadloop.ledger.checks import Check
from leadloop.ledger.seals import broken_seals
from leadloop.mailing.checks import CHECKS as MAILING
from leadloop.outreach.checks import CHECKS as OUTREACH
from leadloop.programmes.checks import CHECKS as PROGRAMMES
from leadloop.qualification.checks import CHECKS as QUALIFICATION
from leadloop.selling.checks import CHECKS as SELLING
from leadloop.tracking.checks import CHECKS as TRACKING

CHECKS: tuple[Check, ...] = (
    *CAPTURE,
    *IDENTITY,
    *LEADS,
    *LEDGER,
    *MAILING,
    *OUTREACH,
    *PROGRAMMES,
    *SELLING,
    *DISTRIBUTION,
    *QUALIFICATION,
    *TRACKING,
)
NAMED = 20  # rows that a breach names


@dataclass(frozen=True, slots=True)
class Breach:
    """A promise that is broken: which one, what was found, and the first of the rows."""

    promise: int
    name: str
    says: str
    rows: tuple[str, ...]


def run() -> list[Breach]:
    """Check every promise, by number; nothing is found when all are kept. One moment for all: a single snapshot."""
    found = []
    with transaction.atomic(), connection.cursor() as cursor:
        if connection.in_atomic_block and not connection.savepoint_ids:
            cursor.execute("set transaction isolation level repeatable read read only")
        for check in CHECKS:
            cursor.execute(check.sql, [NAMED])
            rows = tuple(str(row[0]) for row in cursor.fetchall())
            if rows:
                found.append(Breach(check.promise, check.name, check.says, rows))
    seals = tuple(f"seal {seal_id}" for seal_id in broken_seals())
    if seals:
        found.append(Breach(5, "a seal that does not fit its facts", "Nobody changes history", seals))
    return sorted(found, key=lambda breach: breach.promise)
