"""What endangers a deal, in words for its card."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from leadloop.kernel.decision import Reason
from leadloop.selling.contracts import OpportunityRow

SILENT = 14  # days
STUCK = 30  # days
PUSHED = 2  # times


def risks(row: OpportunityRow, last_activity_at: datetime | None, now: datetime, today: date) -> tuple[Reason, ...]:
    """Why an open deal may be lost, the most pressing first; nothing for one that runs well."""
    return tuple(_risks(row, last_activity_at, now, today))


def _risks(row: OpportunityRow, last_activity_at: datetime | None, now: datetime, today: date) -> Iterator[Reason]:
    if row.close_on < today:
        yield Reason("close_passed", f"Closing date passed {_days((today - row.close_on).days)} ago")
    if row.next_step_at is not None and row.next_step_at < now:
        late = (now - row.next_step_at).days
        yield Reason("step_late", f"Next step {_days(late)} late" if late else "Next step is late")
    silent = (now - max(row.opened_at, last_activity_at or row.opened_at)).days
    if silent >= SILENT:
        yield Reason("silent", f"Nothing happened for {_days(silent)}")
    if row.pushed >= PUSHED:
        yield Reason("pushed", f"Closing date moved {row.pushed} times")
    stuck = (now - row.stage_since).days
    if stuck >= STUCK:
        yield Reason("stuck", f"{_days(stuck)} in this stage")


def _days(count: int) -> str:
    return f"{count} day" if count == 1 else f"{count} days"
