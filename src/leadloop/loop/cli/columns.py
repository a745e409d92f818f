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
