"""Commands around the columnar copy."""

from __future__ import annotations

from typing import Annotated

import typer

from leadloop.loop.cli.loading import at_work
from leadloop.loop.cli.running import AsJson


def refresh(
    thorough: Annotated[bool, typer.Option(help="Compare every table and write all facets anew.")] = False,  # noqa: FBT002 - a switch
    as_json: AsJson = False,  # noqa: FBT002 - a switch
) -> None:
    """Bring the columnar copy up to this moment. The worker does so by itself; this does it at once."""
    with at_work("columns") as work:
        work.refresh(thorough=thorough, as_json=as_json)


def status(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """Say where the copy stands: up to which moment, its tables, their rows and files; exits 1 where there is none."""
    with at_work("columns") as work:
        code = work.status(as_json=as_json)
    raise typer.Exit(code)


def show(
    what: Annotated[str, typer.Argument(help="figures, returns, leaks or benchmarks.")],
    days: Annotated[int, typer.Option(help="How many days back, today included: 7, 30, 90 or 365.")] = 90,
    as_json: AsJson = False,  # noqa: FBT002 - a command line's switch
) -> None:
    """Show what was worked out on the copy: measures, revenue by model, leaks in money, the field beside us."""
    with at_work("columns") as work:
        work.measures(what, days, as_json=as_json)
