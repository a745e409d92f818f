"""Commands about users and their tokens."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from leadloop.loop.cli.loading import at_work
from leadloop.loop.cli.running import AsJson

Email = Annotated[str, typer.Argument(help="The address they sign in with.")]
FromStdin = Annotated[bool, typer.Option("--stdin", help="Read the password from standard input.")]


def add(
    email: Email,
    name: Annotated[str, typer.Option(help="Their full name.")],
    roles: Annotated[list[str], typer.Option("--role", help="A role, such as salesperson; give several if need be.")],
    team: Annotated[str | None, typer.Option(help="The key of their team.")] = None,
    zone: Annotated[str | None, typer.Option(help="Their time zone; without it the company's.")] = None,
    language: Annotated[str, typer.Option(help="The language they are written to in.")] = "en",
    from_stdin: FromStdin = False,  # noqa: FBT002 - a command line's switch
) -> None:
    """Add somebody who can sign in. Without --stdin a password is made and shown once."""
    with at_work("users") as work:
        work.add(email, name, roles, team=team, zone=zone, language=language, from_stdin=from_stdin)


def users(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """List everybody, closed accounts too."""
    with at_work("users") as work:
        work.list_users(as_json=as_json)


def password(email: Email, from_stdin: FromStdin = False) -> None:  # noqa: FBT002 - a command line's switch
    """Give somebody a new password; their open sessions end."""
    with at_work("users") as work:
        work.password(email, from_stdin=from_stdin)


def link(email: Email) -> None:
    """Show a link that lets somebody in once without a password; the next sign-in makes it useless."""
    with at_work("users") as work:
        work.link(email)


def create(
    email: Email,
    name: Annotated[str, typer.Option(help="What it is for.")],
    scopes: Annotated[list[str], typer.Option("--scope", help="What it opens, such as leads:see.")],
    days: Annotated[int, typer.Option(help="How long it lasts.", min=1)] = 365,
) -> None:
    """Make a token that acts for a user; it is shown once."""
    with at_work("users") as work:
        work.create_token(email, name, scopes, days)


def tokens(as_json: AsJson = False) -> None:  # noqa: FBT002 - a command line's switch
    """List tokens by how they begin; the secrets themselves are kept nowhere."""
    with at_work("users") as work:
        work.list_tokens(as_json=as_json)


def revoke(token_id: Annotated[int, typer.Argument(help="Its number in the list.")]) -> None:
    """Make a token useless for good."""
    with at_work("users") as work:
        work.revoke_token(token_id)


Asking = Annotated[str, typer.Argument(metavar="ADDRESS", help="Their e-mail address, or number with country code.")]


def export_person(
    address: Asking,
    to: Annotated[Path, typer.Option("--to", metavar="FILE", help="The file to write; readable by you alone.")],
) -> None:
    """Write all that is kept about somebody into a JSON file, to answer a request of theirs."""
    with at_work("persons") as work:
        work.export(address, to)


def erase_person(
    address: Asking,
    reason: Annotated[
        str,
        typer.Option(metavar="TEXT", help="Why: requested, consent_withdrawn, not_needed, unlawful or duty."),
    ],
    ending: Annotated[str, typer.Option(metavar="CODE", help="The reason for which their open leads end.")] = "",
    do_it: Annotated[bool, typer.Option("--yes", help="Erase them. Without it only shown what goes.")] = False,  # noqa: FBT002 - a switch
) -> None:
    """Show what erasing somebody takes away, and with --yes do it. There is no way back."""
    with at_work("persons") as work:
        work.erase(address, reason, ending, do_it=do_it)
