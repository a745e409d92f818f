"""Reading the forecast: stored figures and what people said. Nothing here computes a model, so pages may call it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import Point
from leadloop.tracking.forecast.contracts import Adjusted, FigureRow, Newest, OutlookRow, SnapshotRow, Submitted
from leadloop.tracking.forecast.models import Figure, Outlook, Plan, Snapshot
from leadloop.tracking.queries.reading import fetch

_FIGURE = ("kind", "key", "month", "won", "p10", "p50", "p90", "inflow", "weighted", "commit", "run_rate")
_SNAPSHOT = ("id", "day", "at", "replayed", "closed_deals", "open_deals", "foreseen", "unconverted")

_SUBMITTED = """
select distinct on (user_id, month) user_id, month, commit_minor, best_minor, at
  from tracking_forecast_submission
 where month = any(%(months)s) and at <= %(by)s
 order by user_id, month, at desc, id desc
"""
_ADJUSTED = """
select distinct on (user_id, team_id, month) manager_id, month, user_id, team_id, delta_minor, note, at
  from tracking_forecast_adjustment
 where month = any(%(months)s)
 order by user_id, team_id, month, at desc, id desc
"""
_COMMITS = """
select s.day, m.month, sum(m.commit_minor)
  from unnest(%(days)s::date[]) as s (day)
 cross join lateral (
       select distinct on (user_id, month) month, commit_minor from tracking_forecast_submission
        where at < (s.day + 1)::timestamp at time zone %(zone)s and month >= date_trunc('month', s.day)::date
        order by user_id, month, at desc, id desc) m
 group by 1, 2
"""
_WON = """
select date_trunc('month', closed_at at time zone %(zone)s)::date, owner_id, coalesce(sum(base_minor), 0)
  from selling_facet_opportunity
 where state = 'won' and closed_at >= %(start)s and closed_at < %(end)s group by 1, 2
"""


def newest() -> Newest | None:
    """The newest forecast that was made on its day; None before the first. Two queries."""
    row = Snapshot.objects.filter(replayed=False).order_by("-day").values_list(*_SNAPSHOT).first()
    if row is None:
        return None
    found = Figure.objects.filter(snapshot_id=row[0]).order_by("kind", "key", "month").values_list(*_FIGURE)
    return Newest(_snapshot(*row), tuple(FigureRow(*one) for one in found))


def _snapshot(*values: Any) -> SnapshotRow:
    *plain, unconverted = values
    return SnapshotRow(*[*plain, tuple(unconverted)])


def newest_day() -> date | None:
    """The day of the newest forecast that was made on its day. One query."""
    return Snapshot.objects.filter(replayed=False).order_by("-day").values_list("day", flat=True).first()


def outlooks(snapshot_id: int) -> list[OutlookRow]:
    """The open deals of a forecast, the largest first; empty for any but the newest. One query."""
    found = Outlook.objects.filter(snapshot_id=snapshot_id).order_by("-minor", "opportunity_id")
    rows = found.values_list("opportunity_id", "minor", "chance", "by_month", "weeks", "slip_days")
    return [OutlookRow(deal, minor, chance, tuple(by), weeks, slip) for deal, minor, chance, by, weeks, slip in rows]


def submitted(months: Sequence[date], *, by: datetime) -> dict[tuple[int, date], Submitted]:
    """What each person had said last of these months by a moment. One query."""
    rows = fetch(_SUBMITTED, {"months": list(months), "by": by})
    return {(row[0], row[1]): Submitted(*row) for row in rows}


def adjusted(months: Sequence[date]) -> list[Adjusted]:
    """The adjustments that stand on these months; those taken back (0) are left out. One query."""
    return [one for one in (Adjusted(*row) for row in fetch(_ADJUSTED, {"months": list(months)})) if one.delta]


def plans(months: Sequence[date]) -> dict[tuple[int | None, date], int]:
    """What is planned by (team, month); the company's own under None. One query."""
    rows = Plan.objects.filter(month__in=list(months)).values_list("team_id", "month", "minor")
    return {(team_id, month): minor for team_id, month, minor in rows}


def won_by_owner(months: Sequence[date], zone: str) -> dict[tuple[int, date], int]:
    """What each owner won in each of these months, which follow each other. One query."""
    start, *_, end = rules.edge_moments(months, zone)
    rows = fetch(_WON, {"zone": zone, "start": start, "end": end})
    return {(owner_id, month): int(minor) for month, owner_id, minor in rows}


def commits_on(days: Collection[date], zone: str) -> dict[tuple[date, date], float]:
    """What all had submitted by the end of each of these days, by (day, month). One query."""
    rows = fetch(_COMMITS, {"days": sorted(days), "zone": zone})
    return {(day, month): float(minor) for day, month, minor in rows}


def points(today: date, zone: str) -> list[Point]:
    """The record: what was said on the first day of each month, of months that are over by today. Three queries."""
    rows = Figure.objects.filter(kind=Figure.Kind.ALL, snapshot__day__day=1, month__lt=rules.month_of(today))
    found = rows.order_by("snapshot__day", "month").values_list("snapshot__day", *_FIGURE[2:])
    figures = [(day, FigureRow("all", 0, *rest)) for day, *rest in found]
    if not figures:
        return []
    first = min(row.month for _, row in figures)
    months = rules.months_from(first, rules.months_between(first, today))
    came: dict[date, int] = dict.fromkeys(months, 0)
    for (_, month), minor in won_by_owner(months, zone).items():
        came[month] += minor
    return [point for day, row in figures for point in _points(day, row, came)]


def _points(day: date, row: FigureRow, came: Mapping[date, int]) -> list[Point]:
    said = {"model": row.p50, "stage_weighted": row.weighted, "commit": row.commit, "run_rate": row.run_rate}
    ahead, actual = rules.months_between(day, row.month), float(came[row.month])
    return [
        Point(
            month=row.month,
            ahead=ahead,
            method=method,
            said=float(value),
            low=None if method != "model" or row.p10 is None else float(row.p10),
            high=None if method != "model" or row.p90 is None else float(row.p90),
            actual=actual,
        )
        for method, value in said.items()
        if value is not None
    ]
