"""What the letter tells: figures of the week against those of the week before, and where money leaks."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.agreement.contracts import Terms
from leadloop.kernel.money import Money, format_short
from leadloop.kernel.values import dataclass
from leadloop.leads.queries import tally as count_leads
from leadloop.leads.queries import visible_to
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import Company, Viewer
from leadloop.platform.roles import Capability
from leadloop.selling.queries import tally as count_deals
from leadloop.tracking.contracts import Period
from leadloop.tracking.queries import loop_table

LEAKS = 3
_BROKEN = """
select count(*) filter (where p.broken_at >= %s), count(*) filter (where p.broken_at < %s)
  from leads_facet_promise p join leads_facet_lead l on l.lead_id = p.lead_id
 where p.broken_at >= %s and p.broken_at < %s and {reach}
"""


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of that week and the week before, as numbers and in words; `unit` is the currency of money."""

    label: str
    now: int
    before: int
    now_words: str
    before_words: str
    unit: str = ""


@dataclass(frozen=True, slots=True)
class Week:
    """The week that is over, from Monday, with what happened in it as its reader may see it."""

    first: date
    figures: tuple[Figure, ...]
    leaks: tuple[str, ...]

    @property
    def last(self) -> date:
        """Its Sunday."""
        return self.first + timedelta(days=6)

    @property
    def words(self) -> str:
        """ "16 to 22 November 2026"."""
        return f"{self.first:%-d %B} to {self.last:%-d %B %Y}"


def week_of(viewer: Viewer, monday: date, *, us: Company, terms: Terms, now: datetime) -> Week:
    """The week before this Monday where the viewer is, of what they see; leaks are the company's. Nine queries."""
    zone = ZoneInfo(viewer.zone)
    end, middle, start = (datetime.combine(monday - timedelta(days=days), time(0), zone) for days in (0, 7, 14))
    spans = {"now": (middle, end), "before": (start, middle)}
    leads = count_leads(viewer, {key: _span("opened", span) for key, span in spans.items()}, now=now)[None]
    named: dict[str, Mapping[str, Any]] = {f"made {key}": _span("opened", span) for key, span in spans.items()}
    named |= {f"won {key}": {"state": "won", **_span("closed", span)} for key, span in spans.items()}
    deals = count_deals(viewer, named, now=now)[None]
    broken_now, broken_before = _broken(viewer, start, middle, end)
    period = Period(middle, end)
    return Week(
        first=monday - timedelta(days=7),
        figures=(
            _counted("New leads", leads["now"], leads["before"]),
            _money("New pipeline", deals["made now"].minor, deals["made before"].minor, us.currency),
            _money("Won", deals["won now"].minor, deals["won before"].minor, us.currency),
            _counted("Promises broken", broken_now, broken_before),
        ),
        leaks=_leaks(period, us.currency, terms, now) if viewer.may(Capability.REPORTS, "see") else (),
    )


def _span(name: str, span: tuple[datetime, datetime]) -> Mapping[str, datetime]:
    return {f"{name}_from": span[0], f"{name}_before": span[1]}


def _broken(viewer: Viewer, start: datetime, middle: datetime, end: datetime) -> tuple[int, int]:
    reach = visible_to(viewer)
    ((now, before),) = fetch(_BROKEN.format(reach=reach.sql), [middle, middle, start, end, *reach.params])
    return int(now), int(before)


def _leaks(period: Period, currency: str, terms: Terms, now: datetime) -> tuple[str, ...]:
    """The parts of the loop where most money waits on late leads, the dearest first."""
    parts = sorted(loop_table(period, terms=terms, now=now), key=lambda part: -part.leaking)
    return tuple(
        f"{part.label}: {format_short(Money(part.leaking, currency))} in {part.late_leads:,} late "
        f"{'lead' if part.late_leads == 1 else 'leads'}"
        for part in parts[:LEAKS]
        if part.leaking
    )


def _counted(label: str, now: int, before: int) -> Figure:
    return Figure(label, now, before, f"{now:,}", f"{before:,}")


def _money(label: str, now: int, before: int, currency: str) -> Figure:
    now_words, before_words = (format_short(Money(minor, currency)) for minor in (now, before))
    return Figure(label, now, before, now_words, before_words, currency)
