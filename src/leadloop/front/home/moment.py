"""When a page is looked at, and by whom: what days and months of it are."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from leadloop.platform.contracts import Company, Viewer


@dataclass(frozen=True, slots=True)
class Moment:
    """The viewer at a moment. Days begin at midnight where the viewer is, months where the company is."""

    viewer: Viewer
    us: Company
    now: datetime

    @property
    def day_start(self) -> datetime:
        """Midnight of the viewer's day."""
        return self.midnight(self.now.astimezone(ZoneInfo(self.viewer.zone)).date(), self.viewer.zone)

    @property
    def day_end(self) -> datetime:
        """The next midnight."""
        return self.midnight(self.day_start.date() + timedelta(days=1), self.viewer.zone)

    @property
    def yesterday(self) -> datetime:
        """The midnight before: what changed since then is news."""
        return self.midnight(self.day_start.date() - timedelta(days=1), self.viewer.zone)

    @property
    def today(self) -> date:
        """The company's day."""
        return self.now.astimezone(ZoneInfo(self.us.zone)).date()

    @property
    def month(self) -> date:
        """The first day of the company's month."""
        return self.today.replace(day=1)

    @property
    def month_start(self) -> datetime:
        """When that month began."""
        return self.midnight(self.month, self.us.zone)

    def days_ago(self, days: int) -> datetime:
        """The beginning of the last so many of the company's days, today among them."""
        return self.midnight(self.today - timedelta(days=days - 1), self.us.zone)

    @staticmethod
    def midnight(day: date, zone: str) -> datetime:
        """When a day begins in a zone."""
        return datetime.combine(day, time(0), ZoneInfo(zone))
