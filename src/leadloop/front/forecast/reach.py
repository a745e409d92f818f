"""Whose forecast somebody may see, and which part of it they asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from leadloop.front.asking import number
from leadloop.platform.contracts import TeamRow, UserRow, Viewer
from leadloop.platform.queries import teams, users
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope, Verb
from leadloop.tracking.forecast import rules


@dataclass(frozen=True, slots=True)
class Part:
    """The part that is shown: the whole company (`team` None), or one team."""

    team: TeamRow | None

    @property
    def kind(self) -> str:
        """The kind of its figures."""
        return "team" if self.team else "all"

    @property
    def key(self) -> int:
        """The key of its figures."""
        return self.team.id if self.team else 0

    @property
    def team_id(self) -> int | None:
        """For queries that take a team or None."""
        return self.team.id if self.team else None

    @property
    def name(self) -> str:
        """As the page calls it."""
        return self.team.name if self.team else "The company"


def teams_of(viewer: Viewer, verb: Verb = "see") -> list[TeamRow]:
    """The teams this right reaches, by name. One query."""
    scope = viewer.scope(Can.FORECAST, verb)
    if scope in (Scope.NONE, Scope.OWN):
        return []
    return sorted(
        (team for team in teams().values() if scope is Scope.ALL or team.id in viewer.team_ids),
        key=lambda team: team.name,
    )


def people_of(viewer: Viewer, part: Part | None = None, verb: Verb = "see") -> list[UserRow]:
    """The active users whose forecast this right reaches (of a part), by name. One query."""
    scope = viewer.scope(Can.FORECAST, verb)
    return sorted(
        (
            user
            for user in users(active=True).values()
            if scope is Scope.ALL
            or user.id == viewer.user_id
            or (scope in (Scope.TEAM, Scope.PARTNER) and user.team_id in viewer.team_ids)
            if part is None or part.team is None or user.team_id == part.team.id
        ),
        key=lambda user: user.name,
    )


def part_asked(viewer: Viewer, asked: Mapping[str, str]) -> Part | None:
    """The team that is asked for, else the widest the viewer sees; None for who sees only their own."""
    seen = teams_of(viewer)
    chosen = next((team for team in seen if team.id == number(asked.get("team"))), None)
    if chosen is not None or viewer.scope(Can.FORECAST, "see") is Scope.ALL:
        return Part(chosen)
    return Part(seen[0]) if seen else None


def month_asked(asked: Mapping[str, str], today: date, ahead: int = 6) -> date:
    """The month of the address, within those ahead; the running one for anything else."""
    running = rules.month_of(today)
    try:
        month = rules.month_of(date.fromisoformat(f"{asked.get('month', '')}-01"))
    except ValueError:
        return running
    return month if 0 <= rules.months_between(running, month) < ahead else running
