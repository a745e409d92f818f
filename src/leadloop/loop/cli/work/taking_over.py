"""Taking over from another system from the command line."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict
from pathlib import Path

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.loop.cli.saying import ASIDE, say, table
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.from_crm.bringing import bring_in, look
from leadloop.loop.from_crm.shapes import Left

OPERATOR = by_system("command-line")
NAMED = 20  # reasons on the screen


def take_over(path: Path, system: str, *, dry_run: bool, as_json: bool) -> None:
    """Show what the files hold, and unless it is a dry run bring it in and count."""
    if dry_run:
        export = look(path, system)
        lines = [(name, what, f"{count:,}") for name, found in export.read.items() for what, count in found.items()]
        ASIDE.print(table("Files", ("File", "What", "Rows"), lines, right=("Rows",)))
        _say_left(export.left)
        return
    brought = bring_in(path, system, actor=OPERATOR, now=clock.now())
    if as_json:
        say_json(asdict(brought))
        return
    lines = [(name, f"{count:,}", f"{brought.known.get(name, 0):,}") for name, count in brought.new.items()]
    ASIDE.print(table("Brought in", ("What", "New", "Known before"), lines, right=("New", "Known before")))
    say(f"{brought.quarantined:,} people wait in quarantine: import {brought.run_id}")
    _say_left(brought.left)


def _say_left(left: list[Left]) -> None:
    counts = Counter((one.file, one.why) for one in left)
    for (file, why), count in counts.most_common(NAMED):
        say(f"{file}: {count:,} left, {why}")
