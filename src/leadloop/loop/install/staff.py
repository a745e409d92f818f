"""Settings, calendar, teams and users."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.ledger.contracts import Actor
from leadloop.loop.install.contracts import Colleague, Firm, Squad
from leadloop.platform import queries as platform
from leadloop.platform import services

# Who answers for a part of the loop: the first of these roles that anybody has.
KEEPERS = {
    "capture": ("marketer", "head_of_marketing"),
    "qualification": ("inside_sales", "head_of_lead_management"),
    "nurturing": ("marketer", "head_of_marketing"),
    "distribution": ("head_of_lead_management", "sales_operations"),
    "selling": ("head_of_sales", "sales_manager"),
    "tracking": ("cfo", "sales_operations", "head_of_lead_management"),
    "deputy": ("head_of_lead_management", "sales_operations"),
}


def settle(firm: Firm, *, actor: Actor, now: datetime) -> None:
    """The company's settings and its calendar; a company that stands keeps its own."""
    if platform.installed():
        return
    calendar = services.save_calendar(
        key="office",
        name="Office hours",
        zone=firm.zone,
        week=firm.week,
        country=firm.country,
        subdivision=firm.subdivision,
        actor=actor,
        now=now,
    )
    changes = {
        "company_name": firm.name,
        "zone": firm.zone,
        "currency": firm.currency,
        "country": firm.country,
        "fiscal_year_start": firm.fiscal_year_start,
        "calendar_id": calendar,
    }
    services.save_settings(changes=changes, actor=actor, now=now)


def hire(people: Sequence[Colleague], squads: Sequence[Squad], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Teams, their people, and who leads them; returns user ids by address."""
    teams = {team.key: team.id for team in platform.teams().values()}
    new = [squad for squad in squads if squad.key not in teams]
    for squad in new:
        teams[squad.key] = services.save_team(key=squad.key, name=squad.name, kind=squad.kind, actor=actor, now=now)
    ids = {user.email: user.id for user in platform.users().values()}
    zone = platform.company().zone
    for one in people:
        if one.email not in ids:
            ids[one.email] = services.add_user(
                email=one.email,
                name=one.name,
                roles=one.roles,
                team_id=teams.get(one.squad),
                zone=zone,
                language=one.language,
                password=one.password,
                actor=actor,
                now=now,
            )
    for squad in new:
        if squad.manager:
            services.save_team(
                key=squad.key,
                name=squad.name,
                kind=squad.kind,
                manager_id=ids[squad.manager],
                actor=actor,
                now=now,
            )
    return ids


def keepers(people: Sequence[Colleague], ids: Mapping[str, int]) -> dict[str, int]:
    """User ids by the part of the loop they answer for; the first colleague where nobody has the role."""
    return {part: ids[_first(people, roles).email] for part, roles in KEEPERS.items()}


def sellers(people: Sequence[Colleague]) -> list[Colleague]:
    """Who takes turns at new leads: the salespeople, or whoever leads sales."""
    found = [one for one in people if "salesperson" in one.roles]
    return found or [_first(people, ("sales_manager", "head_of_sales"))]


def _first(people: Sequence[Colleague], roles: Sequence[str]) -> Colleague:
    return next((one for role in roles for one in people if role in one.roles), people[0])
