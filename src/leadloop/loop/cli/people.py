"""Commands about users and their tokens."""

from __future__ import annotations

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
