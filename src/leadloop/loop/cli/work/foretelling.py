"""Forecast and backtest from the command line. Loads numpy."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.kernel import clock, money
from leadloop.kernel.errors import Invalid, Refused
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.saying import progress, say, show, table
from leadloop.platform.queries import company
from leadloop.tracking.forecast.accuracy import Accuracy, accuracy, alike
from leadloop.tracking.forecast.backtest import METHODS, Trial
from leadloop.tracking.forecast.backtest import points as points_of
from leadloop.tracking.forecast.queries import newest
from leadloop.tracking.forecast.taking import take, try_past

LABELS = {
    "model": "Model",
    "stage_weighted": "Stage-weighted",
    "commit": "Commit",
    "run_rate": "Run rate",
}
AHEAD = (None, 0, 1, 2)


def backtest(until: str | None, *, runs: int, as_json: bool) -> None:
    """Try every past month and show the record of each method, by how far ahead it was said."""
    us = company()
    with progress() as bar:
        task = bar.add_task("Months", total=None)
        trials = try_past(_moment(until, us.zone), runs=runs, on=lambda _: bar.advance(task))
    if not trials:
        raise Refused("There are too few months to try", mend="Bring in deals with their past, or wait some months")
    same = alike(points_of(trials))
    record = [accuracy(same, method, ahead) for method in METHODS for ahead in AHEAD]
    if as_json:
        say_json({"currency": us.currency, "record": [asdict(one) for one in record], "months": _months(trials)})
        return
    show(
        table(
            "How each method did",
            ("Method", "Months ahead", "Months", "Bias", "MAPE", "Within P10–P90"),
            [_words(one) for one in record if one.months],
            right=("Months", "Bias", "MAPE", "Within P10–P90"),
        )
    )
    rows = [
        (f"{one.origin:%b %Y}", f"{one.month:%b %Y}", *(_short(x, us.currency) for x in _five(one)))
        for one in trials
        if one.actual is not None
    ]
    labels = ("Said in", "Of", "P10", "P50", "P90", "Came", "Run rate")
    show(table("What was said and what came", labels, rows, right=labels[2:]))


def forecast(*, as_json: bool) -> None:
    """Make today's forecast and show its months."""
    with progress() as bar:
        task = bar.add_task("Past months", total=None)
        take(clock.now(), on=lambda _: bar.advance(task))
    made, currency = newest(), company().currency
    if made is None or not made.snapshot.foreseen:
        closed = made.snapshot.closed_deals if made else 0
        say(f"{closed} deals are closed: too few, or too few of them won, for a model. The page shows what is known.")
        return
    months = made.of("all")
    if as_json:
        say_json({"day": made.snapshot.day, "currency": currency, "figures": [asdict(one) for one in made.figures]})
        return
    labels = ("Month", "Won so far", "P10", "P50", "P90", "Stage-weighted", "Commit", "Run rate")
    rows = [
        (
            f"{one.month:%b %Y}",
            *(
                _short(x, currency)
                for x in (one.won, one.p10, one.p50, one.p90, one.weighted, one.commit, one.run_rate)
            ),
        )
        for one in months
    ]
    show(table(f"Forecast of {made.snapshot.day:%-d %b %Y}", labels, rows, right=labels[1:]))


def _moment(until: str | None, zone: str) -> datetime:
    if until is None:
        return clock.now()
    try:
        return datetime.combine(date.fromisoformat(until), time(23, 59), ZoneInfo(zone))
    except ValueError:
        raise Invalid(f"“{until}” is no day", field="until", mend="Write it like 2026-03-31") from None


def _words(one: Accuracy) -> tuple[str, ...]:
    ahead = "all" if one.ahead is None else "the same month" if one.ahead == 0 else str(one.ahead)
    return (LABELS[one.method], ahead, str(one.months), _share(one.bias, "+"), _share(one.mape), _share(one.coverage))


def _share(value: float | None, sign: str = "") -> str:
    return "–" if value is None else f"{value:{sign}.0%}"


def _five(one: Trial) -> tuple[float | None, ...]:
    return (one.p10, one.p50, one.p90, one.actual, one.run_rate)


def _short(value: float | None, currency: str) -> str:
    return "–" if value is None else money.format_short(money.Money(round(value), currency))


def _months(trials: Sequence[Trial]) -> list[dict[str, Any]]:
    return [{**asdict(one), "ahead": one.ahead} for one in trials]
