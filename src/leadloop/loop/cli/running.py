"""Commands that run an installation and look after it."""

from __future__ import annotations

from importlib.metadata import version as version_of
from pathlib import Path
from typing import Annotated

import typer

from leadloop.loop.cli.loading import part
from leadloop.loop.cli.saying import answer

AsJson = Annotated[bool, typer.Option("--json", help="Answer in JSON.")]


def up(
    role: Annotated[str, typer.Option(help="What to run on this machine: all, web, pump or worker.")] = "all",
    company: Annotated[str | None, typer.Option(help="At the very first start: the company's name.")] = None,
    currency: Annotated[str | None, typer.Option(help="At the very first start: its currency, such as USD.")] = None,
    zone: Annotated[str | None, typer.Option(help="At the very first start: its time zone.")] = None,
    country: Annotated[str | None, typer.Option(help="At the very first start: its country, such as US.")] = None,
) -> None:
    """Run Leadloop: database, web, pump and worker, until Ctrl-C. An empty database gets a company to begin with."""
    said = {"name": company, "currency": currency, "zone": zone, "country": country}
    part("serving").up(role, {key: value for key, value in said.items() if value})


def down() -> None:
    """Stop the Leadloop that runs here, in order."""
    part("serving").down()


def demo(
    leads: Annotated[int, typer.Option(min=20, help="How many people ask about buying within the 18 months.")] = 3800,
    seed: Annotated[int, typer.Option(help="Another number makes another company.")] = 7,
    serve: Annotated[bool, typer.Option(help="Go on and serve it.")] = True,  # noqa: FBT002 - a command line's switch
    truth: Annotated[Path | None, typer.Option(help="Write what was true into this file, to judge figures by.")] = None,
) -> None:
    """Build 18 months of an invented company, show its loop table, and serve it. A second start is quick."""
    part("serving").demo(leads, seed, truth, serve=serve)


def doctor(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """Look at the installation: what is well, what is not, and how to mend it."""
    raise typer.Exit(part("doctor").examine(as_json=as_json))


def version() -> None:
    """Say which Leadloop this is."""
    answer(f"leadloop {version_of('leadloop')}")
