"""Adding, changing and closing accounts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction

from leadloop.kernel.decision import Decision
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import passwords, rules
from leadloop.platform.facts import UserAdded, UserChanged
from leadloop.platform.forms import user_field
from leadloop.platform.models import Team, User, WorkingCalendar
from leadloop.platform.queries.users import NAMES
from leadloop.platform.roles import Role
from leadloop.platform.services.tokens import revoke_all

_RIGHTS = ("roles", "team_id", "is_active")  # what facts repeat; other fields may be personal


def add_user(
    *,
    email: str,
    name: str,
    roles: Sequence[str],
    team_id: int | None = None,
    calendar_id: int | None = None,
    zone: str = "UTC",
    language: str = "en",
    phone: str = "",
    password: str | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Add a user and return the id. Without a password nobody can sign in until one is set.

    Raises Invalid naming the field, Conflict when the address is taken.
    """
    given = {"email": email, "name": name, "roles": roles, "team_id": team_id, "calendar_id": calendar_id}
    given |= {"zone": zone, "language": language, "phone": phone}
    read = {field: user_field(field, value) for field, value in given.items()}
    with transaction.atomic():
        user = User(**read, created_at=now)
        _must_fit(user)
        user.password = passwords.hashed(password, user)
        _save(user)
        record([UserAdded(happened_at=now, user_id=user.id, roles=list(user.roles))], actor=actor)
    return user.id


def change_user(*, user_id: int, changes: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Change some fields of a user: name, email, roles, team_id, calendar_id, zone, language, phone, shortcuts,
    checklist.

    Raises NotFound; Invalid for any other field or a value that can't be; Conflict when the address is taken; Refused
    when nobody would be left as administrator.
    """
    read = {field: user_field(field, value) for field, value in changes.items()}
    with transaction.atomic():
        user, last_admin = _locked(user_id)
        if last_admin and Role.ADMIN not in read.get("roles", [Role.ADMIN]):
            raise _no_admin_left()
        before = {field: getattr(user, field) for field in read}
        for field, value in read.items():
            setattr(user, field, value)
        _must_fit(user)
        _save(user)
        _record_changes(user, before, actor, now)


def deactivate_user(*, user_id: int, owns: Mapping[str, int], actor: Actor, now: datetime) -> None:
    """Close an account and revoke its tokens; closing a closed one changes nothing.

    `owns` counts what the rooms hold in this user's name ("leads": 12, …); teams are counted here. Raises NotFound, and
    Refused with the counts while anything is left, or when this is the last administrator.
    """
    with transaction.atomic():
        user, last_admin = _locked(user_id)
        if not user.is_active:
            return
        counts = {**owns, "teams": Team.objects.filter(manager_id=user_id).count()}
        decision = rules.may_close(counts, last_admin=last_admin)
        if not decision.outcome:
            raise _refused(f"{user.name}'s account can't be closed", decision, "Hand everything over first")
        revoke_all(user_id, actor=actor, now=now)
        _set_active(user, actor, now, active=False)


def reactivate_user(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Open a closed account again; its tokens stay revoked. Raises NotFound."""
    with transaction.atomic():
        user, _ = _locked(user_id)
        if not user.is_active:
            _set_active(user, actor, now, active=True)


def set_password(*, user_id: int, password: str | None, actor: Actor, now: datetime) -> None:
    """Set a password, or with None take it away; open sessions end. Raises NotFound, Invalid for a weak one."""
    with transaction.atomic():
        user, _ = _locked(user_id)
        user.password = passwords.hashed(password, user)
        user.save(update_fields=["password"])
        record([UserChanged(happened_at=now, user_id=user_id, changes={"password": []})], actor=actor)


def _locked(user_id: int) -> tuple[User, bool]:
    """Lock the user and all administrators, so that two can't remove each other; tell whether this is the last."""
    active_admins = User.objects.filter(roles__contains=[str(Role.ADMIN)], is_active=True)
    rows = (active_admins | User.objects.filter(id=user_id)).order_by("id").select_for_update(of=("self",))
    found = {user.id: user for user in rows}
    if user_id not in found:
        raise NotFound("There is no such user")
    admins = {user.id for user in found.values() if user.is_active and Role.ADMIN in user.roles}
    return found[user_id], admins == {user_id}


def _must_fit(user: User) -> None:
    """Make sure that the calendar and the team are there, and that the roles are possible in it."""
    if user.calendar_id is not None and not WorkingCalendar.objects.filter(id=user.calendar_id).exists():
        raise Invalid("There is no such calendar", field="calendar_id", mend="Choose from the list of calendars")
    kind = None
    if user.team_id is not None:
        kind = Team.objects.filter(id=user.team_id).values_list("kind", flat=True).first()
        if kind is None:
            raise Invalid("There is no such team", field="team_id", mend="Choose from the list of teams")
    decision = rules.may_have(user.roles, kind)
    if not decision.outcome:
        raise Invalid(decision.reasons[0].text, field="roles", mend="Choose other roles, or another team")


def _save(user: User) -> None:
    NAMES.forget()
    try:
        with transaction.atomic():
            user.save()
    except IntegrityError:  # of the address; the others were made sure of
        raise Conflict(
            "Somebody signs in with this address already", field="email", mend="Use another address"
        ) from None


def _set_active(user: User, actor: Actor, now: datetime, *, active: bool) -> None:
    user.is_active = active
    user.save(update_fields=["is_active"])
    _record_changes(user, {"is_active": not active}, actor, now)


def _record_changes(user: User, before: Mapping[str, Any], actor: Actor, now: datetime) -> None:
    """Record what is different now; values only of rights, for the ledger holds no personal data."""
    changes = {
        field: [_said(old), _said(getattr(user, field))] if field in _RIGHTS else []
        for field, old in before.items()
        if old != getattr(user, field)
    }
    if changes:
        record([UserChanged(happened_at=now, user_id=user.id, changes=changes)], actor=actor)


def _said(value: Any) -> str:
    if isinstance(value, list):
        return ", ".join(value)
    return "" if value is None else str(value).lower() if isinstance(value, bool) else str(value)


def _refused(problem: str, decision: Decision[bool], mend: str) -> Refused:
    return Refused(
        f"{problem}: {decision.reasons[0].text[0].lower()}{decision.reasons[0].text[1:]}", mend=mend, decision=decision
    )


def _no_admin_left() -> Refused:
    return Refused("Nobody would be left as administrator", field="roles", mend="Make somebody else one first")
