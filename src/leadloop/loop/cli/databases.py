"""Commands about the database."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadloop.loop.cli.loading import at_work, part
from leadloop.loop.cli.saying import say


def url(
    owner: Annotated[bool, typer.Option("--owner", help="Of the role that owns the tables.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Say where the database is, password included: take care where you show it."""
    part("keeping").url(owner=owner)


def backup(file: Annotated[Path, typer.Argument(help="The file to write.", dir_okay=False)]) -> None:
    """Write a consistent copy of everything into one file, while work goes on."""
    part("keeping").backup(file)


def restore(
    file: Annotated[Path, typer.Argument(help="A file that `leadloop db backup` wrote.", exists=True, dir_okay=False)],
    sure: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Put a backup in the place of the database, which is kept aside. Nothing is sent until that is released."""
    if not sure:
        typer.confirm("Everything since the backup will be put aside. Go on?", abort=True, err=True)
    part("keeping").restore(file)


def release_sending() -> None:
    """Let messages go out again, after a restore."""
    with at_work("sending") as work:
        work.release()
    say("Messages go out again.")
