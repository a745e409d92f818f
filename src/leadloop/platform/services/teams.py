"""Teams, and the walls around those of partners and agencies."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Invalid, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform import forms, rules
from leadloop.platform.facts import TeamSaved
from leadloop.platform.models import Team, User


def save_team(
    *,
    key: str,
    name: str,
    kind: str = "own",
    parent_id: int | None = None,
    manager_id: int | None = None,
    actor: Actor,
    now: datetime,
) -> int:
    """Add a team or change the one with this key; returns its id. `kind` is own, partner or agency.

    Raises Invalid for an unknown kind, parent or manager, for a team below itself, and Refused when its members'
    roles don't go with the kind.
    """
    if kind not in Team.Kind.values:
        raise Invalid("There is no such kind of team", field="kind", mend="Say own, partner or agency")
    with transaction.atomic():
        rows = {team.id: team for team in Team.objects.order_by("id").select_for_update()}
        known = next((team for team in rows.values() if team.key == key), None)
        _must_have_parent(parent_id, known.id if known else None, {t.id: t.parent_id for t in rows.values()})
        if manager_id is not None and not User.objects.filter(id=manager_id, is_active=True).exists():
            raise Invalid("This manager can't be", field="manager_id", mend="Choose an active user")
        if known is not None:
            _must_keep_members(known.id, kind)
        values = {"name": forms.name(name), "kind": kind, "parent_id": parent_id, "manager_id": manager_id}
        row, _ = Team.objects.update_or_create(key=forms.key(key), defaults=values)
        saved = TeamSaved(happened_at=now, team_id=row.id, team_kind=kind, parent_id=parent_id, manager_id=manager_id)
        record([saved], actor=actor)
    return row.id


def _must_have_parent(parent_id: int | None, team_id: int | None, parents: Mapping[int, int | None]) -> None:
    above = parent_id
    if above is not None and above not in parents:
        raise Invalid("There is no such team above", field="parent_id", mend="Choose from the list of teams")
    while above is not None:
        if above == team_id:
            raise Invalid("A team can't be below itself", field="parent_id", mend="Choose another team above")
        above = parents[above]


def _must_keep_members(team_id: int, kind: str) -> None:
    for name, roles in User.objects.filter(team_id=team_id).values_list("name", "roles"):
        if not rules.may_have(roles, kind).outcome:
            raise Refused(f"{name}'s roles don't go with this kind of team", field="kind", mend="Move them first")
