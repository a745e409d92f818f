"""Who works here."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import Any

from django.db import connection
from django.db.models import QuerySet

from leadloop.kernel.errors import Conflict, Forbidden, NotFound
from leadloop.ledger.kept import Kept
from leadloop.ledger.reads import Read
from leadloop.ledger.sql import fetch
from leadloop.platform.contracts import TeamRow, TokenRow, UserRow, Viewer
from leadloop.platform.models import ApiToken, Team, User

_COLUMNS = ("id", "name", "email", "roles", "team_id", "zone", "language", "is_active", "calendar_id")
_USERS = f"select {', '.join(_COLUMNS)} from platform_user"  # asked several times a second: Django's own takes longer
_VIEWER = """
with recursive managed as (
    select id from platform_team where manager_id = %(user)s
     union
    select t.id from platform_team t join managed m on t.parent_id = m.id
)
select u.name, u.roles, u.zone, u.language, u.is_active, u.team_id, array(select id from managed)
  from platform_user u
 where u.id = %(user)s
"""


def viewer(user_id: int) -> Viewer:
    """The user with the rights of their roles. One query.

    Raises NotFound when there is no such user, Forbidden when the account is closed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_VIEWER, {"user": user_id})
        row = cursor.fetchone()
    if row is None:
        raise NotFound("There is no such user")
    name, roles, zone, language, is_active, team_id, managed = row
    if not is_active:
        raise Forbidden("This account is closed", mend="Ask an administrator to open it again")
    own = [team_id] if team_id is not None else []
    return Viewer(user_id, name, frozenset(roles), frozenset([*own, *managed]), zone, language, team_id=team_id)


def users(ids: Collection[int] | None = None, *, active: bool | None = None) -> dict[int, UserRow]:
    """Users by id, in the order of their names: all, these, only the active or only the inactive. One query."""
    conditions: list[tuple[str, Any]] = []
    if ids is not None:
        conditions.append(("id = any(%s::bigint[])", list(ids)))
    if active is not None:
        conditions.append(("is_active = %s", active))
    where = f" where {' and '.join(sql for sql, _ in conditions)}" if conditions else ""
    found = fetch(f"{_USERS}{where} order by name, id", [value for _, value in conditions])
    return {row[0]: _row(dict(zip(_COLUMNS, row, strict=True))) for row in found}


def names(ids: Collection[int]) -> dict[int, str]:
    """Names by user id; unknown ids are left out. At most one query."""
    everybody = NAMES()
    return {user_id: everybody[user_id] for user_id in ids if user_id in everybody}


NAMES = Kept(Read("select id, name from platform_user", (), lambda rows: {row[0]: row[1] for row in rows}))


def user_by_email(email: str) -> UserRow | None:
    """The user who signs in with this address, whatever its case; None when nobody does."""
    return next(_rows(User.objects.filter(email__iexact=email.strip())), None)


def user_by_name(name: str) -> UserRow | None:
    """The user of this name, whatever its case, an active one before a closed account; None when nobody has it.

    Raises Conflict when several equally good ones share it.
    """
    found = sorted(_rows(User.objects.filter(name__iexact=name.strip())), key=lambda row: not row.is_active)
    if len(found) > 1 and found[0].is_active == found[1].is_active:
        raise Conflict(f"Several users are called {name.strip()}", mend="Name them by their e-mail address")
    return found[0] if found else None


def teams() -> dict[int, TeamRow]:
    """All teams by id, in the order of their names. One query."""
    rows = Team.objects.order_by("name").values_list("id", "key", "name", "kind", "parent_id", "manager_id")
    return {row[0]: TeamRow(*row) for row in rows}


def tokens(user_id: int | None = None) -> list[TokenRow]:
    """API tokens, newest first: of one user, or everybody's. One query."""
    found = ApiToken.objects.order_by("-created_at", "-id")
    if user_id is not None:
        found = found.filter(user_id=user_id)
    return [
        TokenRow(
            t.id, t.user_id, t.name, t.prefix, tuple(t.scopes), t.created_at, t.expires_at, t.last_used_at, t.revoked_at
        )
        for t in found
    ]


def _rows(found: QuerySet[User]) -> Any:
    for row in found.values(*_COLUMNS):
        yield _row(row)


def _row(named: Mapping[str, Any]) -> UserRow:
    return UserRow(**{**named, "roles": tuple(named["roles"])})
