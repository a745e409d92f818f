"""What crosses the door of landing pages."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from leadloop.capture.pages.blocks import Copy
from leadloop.kernel.values import dataclass


class State(StrEnum):
    """Whether the public can read a page."""

    DRAFT = "draft"  # never was published
    ON = "on"
    OFF = "off"


@dataclass(frozen=True, slots=True, kw_only=True)
class PageIn:
    """What is to be kept of a page: its draft, and what holds at once. `slug` is fixed once it was published."""

    slug: str
    copy: Copy
    programme_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PageRow:
    """A page. `live` is what the public reads while it is on, None before it was ever published."""

    id: int
    slug: str
    programme_id: int | None
    draft: Copy
    live: Copy | None
    is_on: bool
    saved_at: datetime
    published_at: datetime | None

    @property
    def state(self) -> State:
        """Draft, on or off."""
        if self.live is None:
            return State.DRAFT
        return State.ON if self.is_on else State.OFF

    @property
    def is_changed(self) -> bool:
        """Whether the draft says something else than the public page."""
        return self.live is not None and self.live != self.draft


@dataclass(frozen=True, slots=True)
class Tally:
    """What became of a page since it was published. `inquiries` are deliveries by its form that could be read."""

    views: int = 0
    inquiries: int = 0
