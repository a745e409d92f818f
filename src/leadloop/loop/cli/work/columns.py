"""Refreshing the columnar copy, saying where it stands and what was worked out on it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict
from typing import Any

from leadloop.kernel import clock, money
from leadloop.kernel.errors import NotFound, Unavailable
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.saying import say, show, table
from leadloop.loop.columns import renew
from leadloop.platform.config import load
from leadloop.platform.queries import company, names
from leadloop.programmes.queries import names as programme_names
from leadloop.tracking.columnar import manifest
from leadloop.tracking.columnar.keeping import place
from leadloop.tracking.columnar.tables import TABLES
from leadloop.tracking.figures.catalogue import MEASURES, RATIOS
from leadloop.tracking.figures.contracts import Measure, Ratio
from leadloop.tracking.queries import worked


def refresh(*, thorough: bool, as_json: bool) -> None:
    """Refresh and say what was done."""
    done = renew(thorough=thorough)
    if as_json:
        say_json(asdict(done))
        return
    say(f"{done.events:,} new facts, {sum(done.rows.values()):,} rows in all, {done.seconds:.1f} s.")
    if done.differing:
        say(f"Changed without a fact, and mended: {', '.join(done.differing)}.")


def status(*, as_json: bool) -> int:
    """Say where the copy stands; 1 where there is none."""
    config = load()
    found = manifest.load(place(config))
    if found is None:
        say(f"Nothing was copied to {config.columns} yet. `leadloop columns refresh` does it.")
        return 1
    age = (clock.now() - found.as_of).total_seconds()
    if as_json:
        tables = {name: {"rows": found.rows(name), "files": len(found.tables.get(name, ()))} for name in TABLES}
        say_json({"place": config.columns, "as_of": found.as_of, "age_seconds": age, "tables": tables})
        return 0
    rows = [(name, f"{found.rows(name):,}", str(len(found.tables.get(name, ())))) for name in TABLES]
    show(table(f"As of {found.as_of:%d %b %Y %H:%M:%S} UTC", ("Table", "Rows", "Files"), rows, right=("Rows", "Files")))
    say(f"In {config.columns}, {age:,.0f} s old.")
    return 0


def measures(what: str, days: int, *, as_json: bool) -> None:
    """Show figures, returns, leaks or benchmarks of the last days. NotFound, Unavailable say what there is instead."""
    found = worked(days)
    if what not in SHOWN:
        raise NotFound(f"There is nothing called {what}", field="what", mend=f"There are: {', '.join(SHOWN)}")
    if found is None:
        raise Unavailable("That was not worked out yet", mend="Run `leadloop columns refresh`; days are 7, 30, 90, 365")
    if as_json:
        say_json({"as_of": found.as_of, "days": days, what: found.said[what]})
        return
    title, columns, rows = SHOWN[what](found.said[what], company().currency)
    show(table(title, columns, rows, right=columns[1:]))
    say(f"Last {days} days, as of {found.as_of:%d %b %Y %H:%M:%S} UTC.")


Shown = tuple[str, tuple[str, ...], list[tuple[str, ...]]]


def _figures(said: dict[str, Any], currency: str) -> Shown:
    known: dict[str, Measure | Ratio] = {**MEASURES, **RATIOS}
    rows: list[tuple[str, ...]] = [
        (known[name].label, _as(said[name], known[name].unit, currency)) for name in known if name in said
    ]
    return "Measures", ("Measure", "Figure"), rows


def _returns(said: list[dict[str, Any]], currency: str) -> Shown:
    called = programme_names({line["programme_id"] for line in said if line["programme_id"]})
    models = tuple(said[0]["revenue"]) if said else ()
    rows: list[tuple[str, ...]] = [
        (
            called.get(line["programme_id"], "not attributed"),
            _as(line["cost"], "minor", currency),
            *(_as(line["revenue"][model], "minor", currency) for model in models),
        )
        for line in said
    ]
    return "Revenue by model", ("Programme", "Cost", *(model.replace("_", " ") for model in models)), rows


def _leaks(said: list[dict[str, Any]], currency: str) -> Shown:
    keepers = names({leak["keeper_id"] for leak in said if leak["keeper_id"]})
    rows: list[tuple[str, ...]] = []
    for leak in said:
        lost = leak["loss"]
        span = [_as(lost[key] if lost else None, "minor", currency) for key in ("expected", "low", "high")]
        who = keepers.get(leak["keeper_id"], "")
        rows.append((f"{leak['label']} ({leak['part']}, {who})", f"{leak['affected']:,}", *span))
    return "Leaks", ("Leak", "Leads", "Expected", "At least", "At most"), rows


def _benchmarks(said: list[dict[str, Any]], _currency: str) -> Shown:
    rows: list[tuple[str, ...]] = []
    for one in said:
        span = dict.fromkeys((one["low"], one["high"]))
        field = "–".join(f"{value:g} ×" if one["high"] > 1 else f"{value:.0%}" for value in span)
        own = f"{one['own']:.0%}" if one["own"] is not None else "–" if one["measured_here"] else "not measured here"
        rows.append((one["says"], field, own))
    return "Beside the field", ("Benchmark", "The field", "Here"), rows


SHOWN: dict[str, Callable[[Any, str], Shown]] = {
    "figures": _figures,
    "returns": _returns,
    "leaks": _leaks,
    "benchmarks": _benchmarks,
}


def _as(value: float | None, unit: str, currency: str) -> str:
    if value is None:
        return "–"
    if unit == "minor":
        return money.format_short(money.Money(round(value), currency))
    if unit == "share":
        return f"{value:.0%}"
    if unit == "seconds":
        return f"{value / 3600:,.1f} h"
    return f"{value:,.2f}" if unit == "ratio" else f"{value:,.0f}"
