"""What a measure is made of."""

from __future__ import annotations

from collections.abc import Callable, Container
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import ibis.expr.types as ir

from leadloop.kernel.values import dataclass
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures.engine import Opened


@dataclass(frozen=True, slots=True)
class Asked:
    """A period: moments as UTC without a zone, as the copy has them; days as the company's calendar cuts them.

    Ends are not included. `now` is the moment the copy holds. While a statement is translated to be kept, marks stand
    here instead (`figures/kept.py`): sources compare these values and never look into them.
    """

    start: datetime
    end: datetime
    first_day: date
    day_after: date
    now: datetime

    @classmethod
    def of(cls, period: Period, *, zone: str, now: datetime) -> Asked:
        """From aware moments; `zone` is the company's."""
        here = ZoneInfo(zone)
        last = (period.end - timedelta(microseconds=1)).astimezone(here).date()
        return cls(
            start=_plain(period.start),
            end=_plain(period.end),
            first_day=period.start.astimezone(here).date(),
            day_after=last + timedelta(days=1),
            now=_plain(now),
        )


class _Everything:
    """Holds every name."""

    def __contains__(self, name: object) -> bool:
        return True


EVERYTHING: Container[str] = _Everything()


@dataclass(frozen=True, slots=True)
class Source:
    """Rows that measures count: `build` gives a table with one row for each, its id in the column `id`.

    It is told the columns that are wanted, so that one figure alone pays for nothing else: further columns may be left
    out, and so may rows whose wanted columns all are flags that don't hold. `subject` says what the ids are; `by` are
    the columns that the measures can be cut by.
    """

    name: str
    subject: str
    by: tuple[str, ...]
    build: Callable[[Opened, Asked, Container[str]], ir.Table]


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure: an expression over the rows of its source. `drill` picks the rows behind it; None means all.

    `unit` is leads, inquiries, deals, customers, share (0 to 1), seconds or minor (minor units of the company's
    currency).
    """

    name: str
    label: str
    unit: str
    formula: str
    source: Source
    value: Callable[[ir.Table], ir.Value]
    drill: Callable[[ir.Table], ir.BooleanValue] | None = None


@dataclass(frozen=True, slots=True)
class Ratio:
    """A figure worked out from two others: `above` divided by `below`; None where that is nought."""

    name: str
    label: str
    unit: str
    formula: str
    above: str
    below: str


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
