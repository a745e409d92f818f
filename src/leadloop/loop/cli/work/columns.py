"""Refreshing the columnar copy and saying where it stands."""

from __future__ import annotations

from dataclasses import asdict

from leadloop.kernel import clock
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.saying import say, show, table
from leadloop.platform.config import load
from leadloop.tracking.columnar import manifest
from leadloop.tracking.columnar.keeping import keep_up, place
from leadloop.tracking.columnar.tables import TABLES


def refresh(*, thorough: bool, as_json: bool) -> None:
    """Refresh and say what was done."""
    done = keep_up(place(load()), thorough=thorough)
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
