"""Reading the forecast: stored figures and what people said. Nothing here computes a model, so pages may call it."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

import orjson

from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.accuracy import Point
from leadloop.tracking.forecast.contracts import Adjusted, FigureRow, Newest, OutlookRow, SnapshotRow, Submitted, WonRow
from leadloop.tracking.forecast.models import Figure, Plan, Snapshot
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
select date_trunc('month', closed_at at time zone %(zone)s)::date, owner_id, team_id, sum(base_minor)::bigint, count(*)
  from selling_facet_opportunity
 where state = 'won' and closed_at >= %(start)s and closed_at < %(end)s group by 1, 2, 3
"""
_WON_ROWS = """
select opportunity_id, base_minor from selling_facet_opportunity
 where state = 'won' and closed_at >= %(start)s and closed_at < %(end)s
   and (%(team)s::bigint is null or team_id = %(team)s) and (%(owner)s::bigint is null or owner_id = %(owner)s)
 order by base_minor desc, opportunity_id
"""
_OUTLOOKS = """
select l.opportunity_id, l.minor, l.chance, l.by_month, l.weeks, l.slip_days, o.owner_id, o.team_id, o.close_on,
       o.category
  from tracking_forecast_outlook l join selling_facet_opportunity o on o.opportunity_id = l.opportunity_id
 where o.state = 'open'
   and (%(team)s::bigint is null or o.team_id = %(team)s) and (%(owner)s::bigint is null or o.owner_id = %(owner)s)
 order by l.minor * l.chance desc, l.opportunity_id
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


def outlooks(*, team_id: int | None = None, owner_id: int | None = None) -> list[OutlookRow]:
    """The deals of the newest forecast that are still open, those that promise most first. One query."""
    rows = fetch(_OUTLOOKS, {"team": team_id, "owner": owner_id})
    return [OutlookRow(*[*row[:3], _chances(row[3]), *row[4:]]) for row in rows]


def _chances(stored: Any) -> tuple[float, ...]:
    return tuple(orjson.loads(stored) if isinstance(stored, str) else stored)


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


def won(months: Sequence[date], zone: str) -> list[WonRow]:
    """What was won in these months, which follow each other, by month, owner and team. One query."""
    start, *_, end = rules.edge_moments(months, zone)
    return [WonRow(*row) for row in fetch(_WON, {"zone": zone, "start": start, "end": end})]


def won_deals(month: date, zone: str, *, team_id: int | None = None, owner_id: int | None = None) -> dict[int, int]:
    """The deals won in a month with their worth, the largest first: of all, a team or an owner. One query."""
    start, end = rules.edge_moments([month], zone)
    return dict(fetch(_WON_ROWS, {"start": start, "end": end, "team": team_id, "owner": owner_id}))


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
    for row in won(months, zone):
        came[row.month] += row.minor
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
