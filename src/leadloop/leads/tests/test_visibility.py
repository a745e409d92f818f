"""Who sees which leads."""

from __future__ import annotations

import pytest

from leadloop.kernel.errors import NotFound
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import lead, listing, persons_within, reaches, rows, visible
from leadloop.leads.tests.world import World
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import GRANTS, Capability, Role, Scope


def holding(role: Role, user_id: int, team_ids: set[int]) -> Viewer:
    return Viewer(user_id, "Somebody", frozenset([role]), frozenset(team_ids), "UTC", "en")


@pytest.mark.parametrize("role", list(Role))
def test_every_role_sees_as_far_as_its_grant_reaches(office: World, role: Role) -> None:
    mine, team, partner, elsewhere = office.leads_in(Stage.ASSIGNED, ["kim", "ola", "pia", "sam"])
    everything = [mine.id, team.id, partner.id, elsewhere.id]
    viewer = holding(role, office.user("kim"), {office.cast.team["dach"]})
    reach = {
        Scope.NONE: set(),
        Scope.OWN: {mine.id},
        Scope.TEAM: {mine.id, team.id},
        Scope.PARTNER: {mine.id, team.id},
        Scope.ALL: set(everything),
    }
    for verb in ("see", "edit", "export"):
        expected = reach[getattr(GRANTS[role][Capability.LEADS], verb)]
        assert visible(viewer, everything, verb) == expected
        assert {row.id for row in rows(everything).values() if reaches(viewer, row, verb)} == expected
        assert {one.id for one in listing(viewer, now=office.now, verb=verb).rows} == expected


def test_somebody_is_within_reach_when_every_lead_of_theirs_is(office: World) -> None:
    hers, shared = office.leads_in(Stage.ASSIGNED, ["kim", "kim"])
    office.raise_hand(shared.person_id, "pumps", owner_id=office.user("ola"))
    (leadless,) = office.people(1)
    everybody = [hers.person_id, shared.person_id, leadless]
    assert persons_within(office.viewer("kim"), everybody, "edit") == {hers.person_id}
    assert persons_within(office.viewer("grace"), everybody, "edit") == set(everybody)


def test_a_partner_stays_behind_the_wall(office: World) -> None:
    ours, theirs = office.leads_in(Stage.ASSIGNED, ["kim", "pia"])
    pia = office.viewer("pia")

    assert [one.id for one in listing(pia, now=office.now).rows] == [theirs.id]
    assert lead(pia, theirs.id).id == theirs.id
    with pytest.raises(NotFound):
        lead(pia, ours.id)


def test_what_does_not_exist_looks_like_what_may_not_be_seen(office: World) -> None:
    with pytest.raises(NotFound, match="no such lead"):
        lead(office.viewer("ines"), 10**30)
    with pytest.raises(NotFound, match="no such lead"):
        lead(office.viewer("ines"), -1)


def test_a_token_sees_no_further_than_its_scopes(office: World) -> None:
    office.lead_in(Stage.ASSIGNED)
    viewer = Viewer(office.user("ines"), "Ines", frozenset(["admin"]), frozenset(), "UTC", "en", frozenset())
    assert listing(viewer, now=office.now).rows == []
