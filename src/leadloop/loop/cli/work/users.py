"""Users and tokens, for whoever has the machine."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from datetime import timedelta

from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop.cli.entries import entry_link
from leadloop.loop.cli.saying import answer, say, show, table
from leadloop.loop.cli.saying import as_json as say_json
from leadloop.platform import queries, services
from leadloop.platform.contracts import TokenRow, UserRow
from leadloop.platform.passwords import generate
from leadloop.platform.roles import ROLE_LABELS, Role

OPERATOR = by_system("command-line")


def add(
    email: str,
    name: str,
    roles: Sequence[str],
    *,
    team: str | None,
    zone: str | None,
    language: str,
    from_stdin: bool,
) -> None:
    """Add somebody, with a password that is made here or read from standard input."""
    secret = _secret(from_stdin=from_stdin)
    services.add_user(
        email=email,
        name=name,
        roles=roles,
        team_id=_team(team),
        zone=zone or queries.company().zone,
        language=language,
        password=secret,
        actor=OPERATOR,
        now=clock.now(),
    )
    say(f"Added {name}.")
    if not from_stdin:
        answer(f"{email} {secret}")


def list_users(*, as_json: bool) -> None:
    """Everybody, by name."""
    teams = {key: team.name for key, team in queries.teams().items()}
    rows = list(queries.users().values())
    if as_json:
        say_json([_plain(row, teams) for row in rows])
        return
    shown = [
        (
            row.name,
            row.email,
            ", ".join(_label(role) for role in row.roles),
            teams.get(row.team_id or 0, ""),
            "" if row.is_active else "closed",
        )
        for row in rows
    ]
    show(table("", ("Name", "E-mail", "Roles", "Team", ""), shown))


def password(email: str, *, from_stdin: bool) -> None:
    """Give somebody a new password."""
    user, secret = _user(email), _secret(from_stdin=from_stdin)
    services.set_password(user_id=user.id, password=secret, actor=OPERATOR, now=clock.now())
    say(f"{user.name} has a new password.")
    if not from_stdin:
        answer(f"{user.email} {secret}")


def link(email: str) -> None:
    """Where this user gets in once."""
    answer(entry_link(_user(email).id))


def create_token(email: str, name: str, scopes: Sequence[str], days: int) -> None:
    """Make a token and show it this once."""
    now = clock.now()
    token_id, plain = services.create_token(
        user_id=_user(email).id,
        name=name,
        scopes=scopes,
        expires_at=now + timedelta(days=days),
        actor=OPERATOR,
        now=now,
    )
    say(f"Token {token_id}. It is shown this once:")
    answer(plain)


def list_tokens(*, as_json: bool) -> None:
    """Tokens, newest first."""
    rows = queries.tokens()
    names = queries.names([row.user_id for row in rows])
    found = [
        {
            "id": row.id,
            "user": names.get(row.user_id, ""),
            "name": row.name,
            "begins": row.prefix,
            "scopes": list(row.scopes),
            "expires_at": row.expires_at,
            "last_used_at": row.last_used_at,
            "revoked_at": row.revoked_at,
        }
        for row in rows
    ]
    if as_json:
        say_json(found)
        return
    shown = [
        (row.id, names.get(row.user_id, ""), row.name, row.prefix, ", ".join(row.scopes), _until(row)) for row in rows
    ]
    show(table("", ("No.", "Acts for", "Name", "Begins", "Opens", "Until"), shown))


def revoke_token(token_id: int) -> None:
    """Make a token useless."""
    services.revoke_token(token_id=token_id, actor=OPERATOR, now=clock.now())
    say(f"Token {token_id} opens nothing any more.")


def _until(row: TokenRow) -> str:
    if row.revoked_at:
        return f"revoked {row.revoked_at:%Y-%m-%d}"
    return f"{row.expires_at:%Y-%m-%d}" if row.expires_at else "always"


def _secret(*, from_stdin: bool) -> str:
    return sys.stdin.readline().rstrip("\n") if from_stdin else generate()


def _user(email: str) -> UserRow:
    found = queries.user_by_email(email)
    if found is None:
        raise NotFound(f"Nobody signs in as {email}", field="email", mend="See `leadloop user list`")
    return found


def _team(key: str | None) -> int | None:
    if key is None:
        return None
    teams = queries.teams().values()
    found = next((team.id for team in teams if team.key == key), None)
    if found is None:
        known = ", ".join(team.key for team in teams) or "none"
        raise NotFound(f"There is no team {key}", field="team", mend=f"There are: {known}")
    return found


def _label(role: str) -> str:
    return ROLE_LABELS.get(Role(role), role)


def _plain(row: UserRow, teams: dict[int, str]) -> dict[str, object]:
    return {
        "id": row.id,
        "name": row.name,
        "email": row.email,
        "roles": list(row.roles),
        "team": teams.get(row.team_id or 0, ""),
        "active": row.is_active,
    }
