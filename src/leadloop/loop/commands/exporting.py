"""Taking rows out of Leadloop is a step that is noted: who, what, how many."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.ledger.contracts import by_user
from leadloop.ledger.services import record
from leadloop.loop.facts import TableExported
from leadloop.platform.contracts import Viewer


def note_export(viewer: Viewer, *, table: str, form: str, rows: int, filters: Sequence[str], now: datetime) -> None:
    """Record that the viewer took so many rows of a table as a file. `filters` must name nobody."""
    fact = TableExported(happened_at=now, table=table, form=form, rows=rows, filters=list(filters))
    record([fact], actor=by_user(viewer.user_id))
