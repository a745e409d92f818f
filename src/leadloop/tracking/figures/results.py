"""Working everything out that pages show, and leaving it as rows they can read without any of this."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.tracking.attribution import MODELS
from leadloop.tracking.benchmarks import compared
from leadloop.tracking.columnar.place import Place
from leadloop.tracking.contracts import Period
from leadloop.tracking.figures.asking import Figure, figures
from leadloop.tracking.figures.contracts import Asked
from leadloop.tracking.figures.engine import Engine, Opened, opened
from leadloop.tracking.figures.returns import ProgrammeReturn, programme_returns
from leadloop.tracking.leaks.finding import WORDS, Leak, leaks_since
from leadloop.tracking.measures import PARTS
from leadloop.tracking.models import Result

DAYS = (7, 30, 90, 365)
# Whose part of the loop a leak is: the stage whose keeper answers for it.
KEEPER_STAGE = {key: stages[-1] for key, _, stages, _ in PARTS}


def keep_results(place: Place, *, zone: str, keepers: Mapping[str, int], engine: Engine = "duckdb") -> int:
    """Work every period out on the copy as it stands and replace what pages read; returns how many were written.

    `keepers` are user ids by part of the loop. The days are the company's, today included.
    """
    with opened(place, engine, many=True) as copy:
        as_of = copy.manifest.as_of
        periods = {days: last_days(days, as_of, zone) for days in DAYS}
        for days, found in zip(periods, worked_out(copy, periods.values(), zone=zone, keepers=keepers), strict=True):
            Result.objects.update_or_create(
                key=f"{days}d",
                defaults={
                    "as_of": as_of,
                    "generation": copy.manifest.generation,
                    "figures": found,
                    "made_at": as_of,
                },
            )
    return len(DAYS)


def worked_out(
    copy: Opened, periods: Collection[Period], *, zone: str, keepers: Mapping[str, int]
) -> Iterator[dict[str, Any]]:
    """All there is to say of each of these periods, which end alike, JSON-ready."""
    asked = [Asked.of(period, zone=zone, now=copy.manifest.as_of) for period in periods]
    lost = leaks_since(copy, asked[0], [one.start for one in asked])
    for period, span, leaks in zip(periods, asked, lost, strict=True):
        yield _told(period, figures(copy, span), programme_returns(copy, span), leaks, keepers)


def _told(
    period: Period,
    found: Mapping[str, Figure],
    returns: Sequence[ProgrammeReturn],
    leaks: Sequence[Leak],
    keepers: Mapping[str, int],
) -> dict[str, Any]:
    return {
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "figures": found,
        "returns": [_line(one) for one in returns],
        "leaks": [_leak(one, keepers) for one in leaks],
        "benchmarks": [
            {
                "name": one.benchmark.name,
                "says": one.benchmark.says,
                "low": one.benchmark.low,
                "high": one.benchmark.high,
                "source": one.benchmark.source,
                "own": one.own,
                "own_says": one.benchmark.own_says,
                "measured_here": one.benchmark.own is not None,
            }
            for one in compared(found)
        ],
    }


def last_days(days: int, now: datetime, zone: str) -> Period:
    """The last so many days of the company's calendar, up to the end of today."""
    today = now.astimezone(ZoneInfo(zone)).date()
    first = datetime.combine(today - timedelta(days=days - 1), time.min, ZoneInfo(zone))
    end = datetime.combine(today + timedelta(days=1), time.min, ZoneInfo(zone))
    return Period(first.astimezone(UTC), end.astimezone(UTC))


def _line(one: ProgrammeReturn) -> dict[str, Any]:
    return {
        **asdict(one),
        "cost": one.cost,
        "roi": {model: one.roi(model) for model in MODELS},
        "per": {step: one.per(step) for step in ("inquiries", "mql", "sal", "sql", "won")},
    }


def _leak(one: Leak, keepers: Mapping[str, int]) -> dict[str, Any]:
    label, formula = WORDS[one.kind]
    return {
        "name": f"leak.{one.kind}.{one.part}",
        "label": label,
        "formula": formula,
        "part": one.part,
        "keeper_id": keepers.get(one.part),
        "affected": one.affected,
        "owners": [
            {"user_id": owner, "leads": leads}
            for owner, leads in sorted(one.owners.items(), key=lambda item: (-item[1], item[0] or 0))
        ],
        "loss": asdict(one.loss) if one.loss else None,
        "well": asdict(one.well),
        "badly": asdict(one.badly),
    }
