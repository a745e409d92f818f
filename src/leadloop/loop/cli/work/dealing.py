"""Bringing in deals of another system from the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

from leadloop.kernel import clock, money
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.loop.cli.saying import ASIDE, say, table
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.loop.cli.work.importing import user_named
from leadloop.loop.past_deals.bringing import Brought, Given, bring_in, understand

OPERATOR = by_system("command-line")
NAMED = 10  # deals without an account that are named on the screen


def import_deals(path: Path, said: Mapping[str, Any], *, dry_run: bool, as_json: bool) -> None:
    """Show how the file is understood, and unless it is a dry run bring it in and count."""
    given = Given(
        **{
            **said,
            "owners": {text: user_named(who) for text, who in said["owners"].items()},
            "as_of": _day(said["as_of"]),
        }
    )
    understood = understand(path, given)
    ASIDE.print(
        table("Columns", ("Goes to", "Column"), [(name, header) for name, header in understood.file.columns.items()])
    )
    for title, words in understood.shown.items():
        lines = [(one.text, f"{one.rows:,}", one.means, one.how) for one in words]
        ASIDE.print(table(title, ("In the file", "Rows", "Here", "Why"), lines, right=("Rows",)))
    if dry_run:
        return
    brought = bring_in(path, given, actor=OPERATOR, now=clock.now())
    if as_json:
        say_json(asdict(brought))
    else:
        _say(brought)


def _say(brought: Brought) -> None:
    worth = money.format(money.Money(brought.won_minor, brought.currency))
    say(
        f"{brought.rows:,} deals: {brought.new:,} new, {brought.known:,} known before; "
        f"{brought.won:,} won worth {worth}, {brought.lost:,} lost, {brought.open:,} open"
    )
    say(f"{brought.people_added:,} people added without a password, {brought.companies_added:,} companies added")
    if brought.without_company:
        first = ", ".join(brought.without_company[:NAMED])
        say(f"{len(brought.without_company):,} deals name no account; they came in without one: {first}, …")
        say("All of them are listed under Pipeline, All deals, Without a company; --json names them here")
    if brought.without_opening_day:
        say(f"{brought.without_opening_day:,} deals say no opening day; they count as opened on the file's last day")


def _day(text: str | None) -> date | None:
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise Invalid(f"“{text}” is no day", field="as_of", mend="Write it like 2026-03-31") from None
