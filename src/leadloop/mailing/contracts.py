"""What crosses the door of `mailing`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass


class State(StrEnum):
    """How far a mailing is. What became of each letter stands in the outbox."""

    DRAFT = "draft"
    CONFIRMED = "confirmed"  # letters are being put into the outbox
    WRITTEN = "written"  # all of them are there
    STOPPED = "stopped"  # what had not gone out never will


@dataclass(frozen=True, slots=True)
class MailingRow:
    """A mailing as it stands. Of those who are in the segment `wanted` are written to, `left_out` are not.

    `go_at` is before when no letter leaves. All but the first six are None or 0 while it is a draft.
    """

    id: int
    name: str
    segment_id: int
    template_key: str
    state: State
    made_by_id: int
    wanted: int
    left_out: int
    confirmed_by_id: int | None
    confirmed_at: datetime | None
    go_at: datetime | None
    stopped_by_id: int | None
    stopped_at: datetime | None


@dataclass(frozen=True, slots=True)
class Recipient:
    """Somebody of the segment, and the lead by which they are in it; None for a segment of people."""

    person_id: int
    lead_id: int | None


@dataclass(frozen=True, slots=True)
class Counted:
    """Who gets a mailing: at once, `later` by the code of the reason, and who never does by the code of the reason."""

    at_once: int
    later: Mapping[str, int]
    never: Mapping[str, int]

    @property
    def wanted(self) -> int:
        """How many letters would be written."""
        return self.at_once + sum(self.later.values())

    @property
    def left_out(self) -> int:
        """How many would get none."""
        return sum(self.never.values())


@dataclass(frozen=True, slots=True)
class LeftOut:
    """One who was left out, and why."""

    id: int
    person_id: int
    lead_id: int | None
    reason: str
