"""What is laid down about users and the company."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("user.added", "A user was added")
class UserAdded(Fact):
    """With their roles."""

    user_id: int
    roles: list[str]


@fact("user.changed", "A user's rights or standing changed")
class UserChanged(Fact):
    """Old and new per changed right: roles, team_id, is_active. Other fields are only named, with an empty list."""

    user_id: int
    changes: dict[str, list[str]]


@fact("token.created", "An API token was made")
class TokenCreated(Fact):
    """Its id and scopes; neither its secret nor its hash."""

    user_id: int
    token_id: int
    scopes: list[str]


@fact("token.revoked", "An API token was revoked")
class TokenRevoked(Fact):
    """It opens nothing from now on."""

    user_id: int
    token_id: int


@fact("absence.added", "Somebody will be away")
class AbsenceAdded(Fact):
    """From when to when, and who stands in."""

    user_id: int
    absence_id: int
    starts_at: str
    ends_at: str
    deputy_id: int | None


@fact("absence.removed", "Somebody will not be away after all")
class AbsenceRemoved(Fact):
    """The absence with this id is gone."""

    user_id: int
    absence_id: int


@fact("settings.changed", "The company's settings changed")
class SettingsChanged(Fact):
    """Old and new per changed setting."""

    changes: dict[str, list[str]]


@fact("calendar.saved", "A working calendar was saved")
class CalendarSaved(Fact):
    """Dues that were computed before stay as they are."""

    calendar_id: int


@fact("team.saved", "A team was saved")
class TeamSaved(Fact):
    """Its kind, the team above it, and who manages it."""

    team_id: int
    team_kind: str
    parent_id: int | None
    manager_id: int | None


@fact("rate.set", "The rate of a currency was set for a day")
class RateSet(Fact):
    """One unit of `of` in units of `base`; amounts that waited for it can be worked out now."""

    of: str
    base: str
    day: str
    rate: str


@fact("sending.held", "Sending was put on hold")
class SendingHeld(Fact):
    """After a restore, or by hand; `reason` says which."""


@fact("sending.released", "Sending goes on")
class SendingReleased(Fact):
    """Confirmed by a person."""
