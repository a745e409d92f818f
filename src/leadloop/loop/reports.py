"""The reports of the command line, and of whatever else wants rows rather than a page."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.kernel.values import dataclass
from leadloop.platform.queries import company, names
from leadloop.programmes.queries import names as programme_names
from leadloop.tracking import queries as tracking
from leadloop.tracking.contracts import Period

NOBODY = "not attributed"


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `kind` is text, count, share (0 to 1), money (minor units of the report's currency) or seconds.

    `aside` columns are left out where there is little room.
    """

    key: str
    label: str
    kind: str = "text"
    aside: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """Rows under columns, over a period; None where there is no figure."""

    name: str
    title: str
    currency: str
    period: Period
    columns: tuple[Column, ...]
    rows: tuple[Mapping[str, Any], ...]


def last_days(days: int, *, now: datetime) -> Period:
    """The last so many days of the company's calendar, today included, up to now."""
    zone = clock.time_zone(company().zone)
    first = now.astimezone(zone).date() - timedelta(days=days - 1)
    return Period(start=datetime.combine(first, time.min, zone).astimezone(now.tzinfo), end=now)


def report(name: str, period: Period, *, now: datetime) -> Report:
    """The report of this name; NotFound lists what there is."""
    if name not in REPORTS:
        raise NotFound(f"There is no report {name}", field="report", mend=f"There are: {', '.join(REPORTS)}")
    title, columns, rows = REPORTS[name]
    return Report(name, title, company().currency, period, columns, tuple(rows(period, now)))


def _loop(period: Period, now: datetime) -> Sequence[Mapping[str, Any]]:
    terms = in_force()
    parts = tracking.loop_table(period, terms=terms, now=now)
    keepers = names({part.keeper_id for part in parts})
    clauses = terms.clauses.promises
    return [
        {
            "part": part.label,
            "keeper": keepers.get(part.keeper_id, ""),
            "promise": f"{clauses[part.promise].label} within {clauses[part.promise].text()}",
            "kept": part.kept_rate,
            "broken": part.broken,
            "open": part.open_leads,
            "late": part.late_leads,
            "converted": part.converted,
            "leaking": part.leaking,
        }
        for part in parts
    ]


def _funnel(period: Period, _: datetime) -> Sequence[Mapping[str, Any]]:
    return [
        {"step": step.label, "leads": step.leads, "of_before": step.of_before, "of_all": step.of_all}
        for step in tracking.funnel(period)
    ]


def _follow_up(period: Period, _: datetime) -> Sequence[Mapping[str, Any]]:
    lines = tracking.follow_up(period)
    people = names({line.user_id for line in lines if line.user_id})
    return [
        {
            "who": people.get(line.user_id, "") if line.user_id else "Everybody",
            "handed_over": line.handed_over,
            "followed_up": line.rate,
            "half_within": line.p50_seconds,
            "most_within": line.p90_seconds,
            "rejected": line.rejected,
            "pulled_back": line.pulled_back,
            "untouched": line.untouched,
        }
        for line in lines
    ]


def _returns(period: Period, _: datetime) -> Sequence[Mapping[str, Any]]:
    lines = tracking.returns(period, zone=company().zone)
    called = programme_names({line.programme_id for line in lines if line.programme_id})
    return [
        {
            "programme": called.get(line.programme_id, "") if line.programme_id else NOBODY,
            "cost": line.cost,
            "inquiries": line.inquiries,
            "leads": line.leads,
            "qualified": line.qualified,
            "accepted": line.accepted,
            "opportunities": line.opportunities,
            "won": line.won,
            "revenue": line.revenue,
            "roi": line.roi,
        }
        for line in lines
    ]


Rows = Callable[[Period, datetime], Sequence[Mapping[str, Any]]]
REPORTS: dict[str, tuple[str, tuple[Column, ...], Rows]] = {
    "loop": (
        "The loop: who answers for what, and where money leaks today",
        (
            Column("part", "Stage"),
            Column("keeper", "Owner"),
            Column("promise", "Promise"),
            Column("kept", "Kept", "share"),
            Column("broken", "Broken", "count", aside=True),
            Column("open", "Open", "count"),
            Column("late", "Late", "count"),
            Column("converted", "Went on", "share"),
            Column("leaking", "Leaking", "money"),
        ),
        _loop,
    ),
    "funnel": (
        "From inquiry to won",
        (
            Column("step", "Step"),
            Column("leads", "Leads", "count"),
            Column("of_before", "Of the step before", "share"),
            Column("of_all", "Of all", "share"),
        ),
        _funnel,
    ),
    "follow-up": (
        "Who follows up, how fast, and who does not",
        (
            Column("who", "Who"),
            Column("handed_over", "Handed over", "count"),
            Column("followed_up", "Followed up", "share"),
            Column("half_within", "Half within", "seconds"),
            Column("most_within", "Nine in ten within", "seconds"),
            Column("rejected", "Given back", "count"),
            Column("pulled_back", "Pulled back", "count"),
            Column("untouched", "Never touched", "count"),
        ),
        _follow_up,
    ),
    "returns": (
        "What programmes cost and bring, by last touch",
        (
            Column("programme", "Programme"),
            Column("cost", "Cost", "money"),
            Column("inquiries", "Inquiries", "count"),
            Column("leads", "Leads", "count"),
            Column("qualified", "MQL", "count"),
            Column("accepted", "SAL", "count"),
            Column("opportunities", "Deals", "count"),
            Column("won", "Won", "count"),
            Column("revenue", "Revenue", "money"),
            Column("roi", "ROI", "share"),
        ),
        _returns,
    ),
}
