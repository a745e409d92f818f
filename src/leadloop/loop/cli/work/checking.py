"""The promises, verified on the live database."""

from __future__ import annotations

from dataclasses import asdict

from leadloop.loop import check as promises
from leadloop.loop.cli.saying import answer, show, table
from leadloop.loop.cli.saying import as_json as say_json


def check(*, as_json: bool) -> int:
    """Show every breach; returns 1 when there is one."""
    breaches = promises.run()
    if as_json:
        say_json({"ok": not breaches, "breaches": [asdict(one) for one in breaches]})
    else:
        show_breaches(breaches)
    return int(bool(breaches))


def show_breaches(breaches: list[promises.Breach]) -> None:
    """One line when all is well, else a table."""
    if not breaches:
        answer("All promises hold.")
        return
    rows = [(one.promise, one.name, one.says, "\n".join(one.rows)) for one in breaches]
    show(table("Broken promises", ("Promise", "Found", "What should be", "Rows"), rows))
