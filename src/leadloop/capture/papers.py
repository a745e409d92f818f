"""What crosses the door of `capture` of batches of paper replies and cards."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class NewBatch:
    """A pile to be entered.

    `key_code` is printed on it and names its programme; `twice` has every row entered again.
    """

    portal_id: int
    name: str
    expected: int
    happened_on: date
    key_code: str = ""
    programme_id: int | None = None
    twice: bool = False


@dataclass(frozen=True, slots=True)
class BatchRow:
    """A batch with its balance: it may be released when entered = expected and nothing differs or waits for a look."""

    id: int
    portal_id: int
    name: str
    key_code: str
    programme_id: int | None
    expected: int
    twice: bool
    happened_on: date
    opened_by: str
    opened_at: datetime
    released_at: datetime | None
    released_by: str
    reason: str
    entered: int
    checked: int
    differing: int

    @property
    def missing(self) -> int:
        """How many are still to be entered; below nought where there are too many."""
        return self.expected - self.entered

    @property
    def unchecked(self) -> int:
        """How many wait for their second entry, or differ from it."""
        return self.entered - self.checked if self.twice else 0


@dataclass(frozen=True, slots=True)
class PaperRowRow:
    """One card of a batch; `again` is the second entry where it differs."""

    number: int
    texts: Mapping[str, str]
    again: Mapping[str, str] | None
    checked: bool
    entered_by: str
    submission_id: int | None
