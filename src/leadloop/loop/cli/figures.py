"""Commands that look: promises, reports, and facts that wait."""

from __future__ import annotations

from typing import Annotated

import typer

from leadloop.loop.cli.loading import at_work
from leadloop.loop.cli.running import AsJson


def check(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """Verify every promise on the live database; exits 1 and names the rows where one is broken."""
    with at_work("checking") as work:
        code = work.check(as_json=as_json)
    raise typer.Exit(code)


def report(
    name: Annotated[str, typer.Argument(help="loop, funnel, follow-up or returns.")],
    days: Annotated[int, typer.Option(help="How many days back, today included.", min=1)] = 90,
    as_json: AsJson = False,  # noqa: FBT002 - a command line's switch
) -> None:
    """Show a report: the loop, the funnel, who follows up, what programmes return."""
    with at_work("reporting") as work:
        work.report(name, days, as_json=as_json)


def backtest(
    until: Annotated[str | None, typer.Option(metavar="DAY", help="As if it were this day; without it, today.")] = None,
    runs: Annotated[int, typer.Option(help="Runs of the simulation per month.", min=200)] = 4000,
    as_json: AsJson = False,  # noqa: FBT002 - a command line's switch
) -> None:
    """Forecast every past month from what was known before it, and compare with what came and with the baselines."""
    with at_work("foretelling") as work:
        work.backtest(until, runs=runs, as_json=as_json)


def forecast(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """Make today's forecast now, as the worker does every night, and show it."""
    with at_work("foretelling") as work:
        work.forecast(as_json=as_json)


def replay(
    subscription: Annotated[str | None, typer.Option(help="Only this one; without it, all.")] = None,
) -> None:
    """Hand facts over again that could not be handled; exits 1 while some still can't."""
    with at_work("replaying") as work:
        code = work.replay(subscription)
    raise typer.Exit(code)
