"""The table of rights: complete, and sound in every cell."""

from __future__ import annotations

import pytest

from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import GRANTS, ROLE_LABELS, Capability, Role, Scope, widest

C = Capability
WALLED = (Role.PARTNER, Role.AGENCY)


def viewer(*roles: str, limits: frozenset[str] | None = None) -> Viewer:
    return Viewer(1, "Kim Maurer", frozenset(roles), frozenset(), "UTC", "en", limits)


@pytest.mark.parametrize("role", Role)
def test_every_cell_is_filled_and_nobody_edits_or_exports_more_than_they_see(role: Role):
    assert set(GRANTS[role]) == set(Capability)
    for capability, grant in GRANTS[role].items():
        assert grant.edit.width <= grant.see.width, capability
        assert grant.export.width <= grant.see.width, capability


def test_every_role_has_a_label_and_something_to_see():
    assert set(ROLE_LABELS) == set(Role) == set(GRANTS)
    for role in Role:
        assert any(grant.see is not Scope.NONE for grant in GRANTS[role].values()), role


@pytest.mark.parametrize("capability", Capability)
def test_somebody_can_do_whatever_is_to_be_done(capability: Capability):
    assert any(GRANTS[role][capability].edit is Scope.ALL for role in Role)


@pytest.mark.parametrize("role", [Role.PRESIDENT, Role.CFO])
def test_those_who_watch_see_all_and_change_nothing(role: Role):
    for capability, grant in GRANTS[role].items():
        assert (grant.see, grant.edit) == (Scope.ALL, Scope.NONE), capability
    assert GRANTS[role][C.REPORTS].export is Scope.ALL


@pytest.mark.parametrize("role", WALLED)
def test_partners_and_agencies_stay_behind_their_wall(role: Role):
    for capability, grant in GRANTS[role].items():
        assert {grant.see, grant.edit, grant.export} <= {Scope.NONE, Scope.OWN, Scope.PARTNER}, capability
    for hidden in (C.COSTS, C.BUDGETS, C.USERS, C.SETTINGS, C.SYSTEM, C.AGREEMENT, C.QUARANTINE, C.ROUTING):
        assert not viewer(role).may(hidden, "see")


def test_nobody_else_is_behind_a_wall():
    for role in set(Role) - set(WALLED):
        assert all(Scope.PARTNER not in grant for grant in GRANTS[role].values()), role


@pytest.mark.parametrize(
    ("role", "capability", "see", "edit", "export"),
    [
        (Role.SALESPERSON, C.LEADS, "own", "own", "none"),
        (Role.SALESPERSON, C.COSTS, "none", "none", "none"),
        (Role.SALES_MANAGER, C.LEADS, "team", "team", "team"),
        (Role.HEAD_OF_SALES, C.LEADS, "all", "all", "all"),
        (Role.HEAD_OF_MARKETING, C.COSTS, "all", "all", "all"),
        (Role.HEAD_OF_LEAD_MANAGEMENT, C.ROUTING, "all", "all", "none"),
        (Role.ADMIN, C.USERS, "all", "all", "all"),
        (Role.ADMIN, C.LEADS, "all", "none", "none"),
        (Role.MARKETER, C.LEADS, "all", "own", "none"),
        (Role.PARTNER, C.LEADS, "partner", "partner", "none"),
    ],
)
def test_landmarks_of_the_table(role: Role, capability: Capability, see: str, edit: str, export: str):
    assert GRANTS[role][capability] == (see, edit, export)


def test_only_administrators_manage_users_and_settings():
    for capability in (C.USERS, C.SETTINGS, C.SYSTEM):
        assert [role for role in Role if GRANTS[role][capability].edit is not Scope.NONE] == [Role.ADMIN]


def test_the_widest_of_several_roles_counts():
    assert viewer("salesperson").scope("leads", "see") is Scope.OWN
    assert viewer("salesperson", "sales_manager").scope("leads", "see") is Scope.TEAM
    assert viewer("salesperson", "admin").scope(C.LEADS, "edit") is Scope.OWN
    assert widest([]) is Scope.NONE


def test_what_nobody_has_heard_of_is_not_granted():
    assert not viewer("wizard").may("leads", "see")
    assert not viewer("admin").may("spells", "see")
    assert not viewer().may("leads", "see")


def test_a_token_narrows_what_its_user_may():
    limited = viewer("head_of_sales", limits=frozenset({"leads:see", "costs:edit"}))
    assert limited.scope("leads", "see") is Scope.ALL
    assert not limited.may("leads", "edit")
    assert not limited.may("costs", "edit")
