"""People come, change and go; rights and walls hold."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth import authenticate
from django.contrib.auth.hashers import check_password, identify_hasher

from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused
from leadloop.ledger.contracts import by_user
from leadloop.ledger.models import Event
from leadloop.platform import passwords, queries, services
from leadloop.platform.models import User
from tests.support.cast import MONDAY, Cast


def add(cast: Cast, **given: Any) -> int:
    fine = {"email": "Lena@Alder-Finch.example", "name": "Lena  Fuchs", "roles": ["salesperson"]}
    return services.add_user(**{**fine, **given}, actor=by_user(cast.user["ada"]), now=MONDAY)


def change(cast: Cast, who: str, **changes: Any) -> None:
    services.change_user(user_id=cast.user[who], changes=changes, actor=by_user(cast.user["ada"]), now=MONDAY)


def close(cast: Cast, name: str, **owns: int) -> None:
    services.deactivate_user(user_id=cast.user[name], owns=owns, actor=by_user(cast.user["ada"]), now=MONDAY)


def facts(kind: str) -> list[dict[str, Any]]:
    return [event.payload for event in Event.objects.filter(kind=kind).order_by("id")]


def test_a_new_user_is_found_by_name_and_address(db, cast):
    user_id = add(cast, team_id=cast.team["dach"])
    row = queries.user_by_email("LENA@alder-finch.example")
    assert row is not None
    assert (row.id, row.name, row.email, row.roles) == (
        user_id,
        "Lena Fuchs",
        "lena@alder-finch.example",
        ("salesperson",),
    )
    assert queries.user_by_name("lena fuchs") == row
    assert queries.names([user_id, -1]) == {user_id: "Lena Fuchs"}
    assert queries.user_by_email("nobody@alder-finch.example") is None
    assert queries.user_by_name("Nobody") is None
    assert facts("user.added") == [{"user_id": user_id, "roles": ["salesperson"]}]


def test_an_address_is_taken_whatever_its_case(db, cast):
    with pytest.raises(Conflict) as caught:
        add(cast, email="KIM@alder-finch.example")
    assert caught.value.field == "email"
    with pytest.raises(Conflict):
        change(cast, "ola", email="kim@alder-finch.example")


@pytest.mark.parametrize(
    ("given", "field"),
    [
        ({"email": "not an address"}, "email"),
        ({"name": " "}, "name"),
        ({"roles": []}, "roles"),
        ({"roles": ["wizard"]}, "roles"),
        ({"roles": "admin"}, "roles"),
        ({"zone": "Mars/Base"}, "zone"),
        ({"language": "English"}, "language"),
        ({"team_id": -1}, "team_id"),
        ({"team_id": "1"}, "team_id"),
        ({"calendar_id": -1}, "calendar_id"),
        ({"phone": 49}, "phone"),
        ({"password": "short"}, "password"),
        ({"password": "lena fuchs"}, "password"),
    ],
)
def test_what_cannot_be_is_named_by_its_field(db, cast, given: dict[str, Any], field: str):
    with pytest.raises(Invalid) as caught:
        add(cast, **given)
    assert caught.value.field == field
    assert caught.value.mend
    assert queries.user_by_email("lena@alder-finch.example") is None


def test_the_walls_of_partners_hold_both_ways(db, cast):
    partner = cast.team["partner"]
    assert add(cast, roles=["partner"], team_id=partner)
    for roles, team in [
        (["salesperson"], partner),
        (["partner"], cast.team["dach"]),
        (["partner"], None),
        (["partner", "admin"], partner),
        (["agency"], partner),
    ]:
        with pytest.raises(Invalid) as caught:
            add(cast, email="x@alder-finch.example", roles=roles, team_id=team)
        assert caught.value.field == "roles"
    with pytest.raises(Invalid):
        change(cast, "pia", team_id=cast.team["dach"])


def test_passwords_are_hashed_with_argon2_and_end_with_the_account(db, cast):
    plain = passwords.generate()
    user_id = add(cast, password=plain)
    stored = User.objects.get(id=user_id).password
    assert identify_hasher(stored).algorithm == "argon2"
    assert plain not in stored
    assert check_password(plain, stored)
    sign_in = {"username": "lena@alder-finch.example", "email": "lena@alder-finch.example", "password": plain}
    found = authenticate(None, **sign_in)
    assert found is not None
    assert found.pk == user_id
    services.deactivate_user(user_id=user_id, owns={}, actor=by_user(cast.user["ada"]), now=MONDAY)
    assert authenticate(None, **sign_in) is None


def test_without_a_password_nobody_signs_in_until_one_is_set(db, cast):
    user_id = add(cast)
    assert not User.objects.get(id=user_id).has_usable_password()
    plain = passwords.generate()
    services.set_password(user_id=user_id, password=plain, actor=by_user(cast.user["ada"]), now=MONDAY)
    assert User.objects.get(id=user_id).check_password(plain)
    assert facts("user.changed") == [{"user_id": user_id, "changes": {"password": []}}]


def test_made_passwords_are_long_and_never_the_same():
    made = {passwords.generate() for _ in range(200)}
    assert len(made) == 200
    assert {len(one) for one in made} == {24}


def test_a_change_of_rights_is_on_the_ledger_and_personal_data_is_not(db, cast):
    change(
        cast, "kim", roles=["sales_manager", "salesperson"], name="Kim Maurer-Wolf", phone="+49 30 1", shortcuts=False
    )
    assert facts("user.changed") == [
        {
            "user_id": cast.user["kim"],
            "changes": {
                "roles": ["salesperson", "salesperson, sales_manager"],
                "name": [],
                "phone": [],
                "shortcuts": [],
            },
        }
    ]
    change(cast, "kim", name="Kim Maurer-Wolf")
    assert len(facts("user.changed")) == 1


@pytest.mark.parametrize("field", ["is_active", "password", "id", "is_staff", "created_at"])
def test_nothing_else_can_be_changed_by_a_form(db, cast, field: str):
    with pytest.raises(Invalid) as caught:
        change(cast, "kim", **{field: True})
    assert caught.value.field == field


def test_an_account_closes_only_when_nothing_is_left_in_its_name(db, cast):
    with pytest.raises(Refused) as caught:
        close(cast, "kim", leads=12, promises=1, opportunities=0)
    assert "12 leads and 1 promises" in caught.value.problem
    assert caught.value.decision is not None
    close(cast, "kim", leads=0)
    assert not queries.users([cast.user["kim"]])[cast.user["kim"]].is_active
    with pytest.raises(Forbidden):
        queries.viewer(cast.user["kim"])
    close(cast, "kim", leads=5)
    assert facts("user.changed") == [{"user_id": cast.user["kim"], "changes": {"is_active": ["true", "false"]}}]
    services.reactivate_user(user_id=cast.user["kim"], actor=by_user(cast.user["ada"]), now=MONDAY)
    assert queries.viewer(cast.user["kim"]).name == "Kim Maurer"


def test_a_manager_hands_the_team_over_first(db, cast):
    with pytest.raises(Refused, match="1 teams"):
        close(cast, "ruth")


def test_somebody_is_always_administrator(db, cast):
    with pytest.raises(Refused):
        close(cast, "ada")
    with pytest.raises(Refused):
        change(cast, "ada", roles=["marketer"])
    change(cast, "helen", roles=["president", "admin"])
    change(cast, "ada", roles=["marketer"])
    with pytest.raises(Refused):
        close(cast, "helen")


def test_nobody_is_not_found(db, cast):
    for refused in (
        lambda: queries.viewer(-1),
        lambda: services.change_user(user_id=-1, changes={"name": "X"}, actor=by_user(1), now=MONDAY),
        lambda: services.deactivate_user(user_id=-1, owns={}, actor=by_user(1), now=MONDAY),
        lambda: services.set_password(user_id=-1, password=None, actor=by_user(1), now=MONDAY),
    ):
        with pytest.raises(NotFound):
            refused()


def test_a_manager_sees_the_teams_below(db, cast, django_assert_num_queries):
    actor = by_user(cast.user["ada"])
    north = services.save_team(key="north", name="North", parent_id=cast.team["dach"], actor=actor, now=MONDAY)
    coast = services.save_team(key="coast", name="Coast", parent_id=north, actor=actor, now=MONDAY)
    with django_assert_num_queries(1):
        ruth = queries.viewer(cast.user["ruth"])
    assert ruth.team_ids == {cast.team["dach"], north, coast}
    assert queries.viewer(cast.user["kim"]).team_ids == {cast.team["dach"]}
    assert queries.viewer(cast.user["paul"]).team_ids == frozenset()


def test_teams_keep_their_order_and_their_walls(db, cast):
    actor = by_user(cast.user["ada"])
    north = services.save_team(key="north", name="North", parent_id=cast.team["dach"], actor=actor, now=MONDAY)
    for wrong, field in [
        ({"key": "dach", "parent_id": north}, "parent_id"),
        ({"key": "north", "parent_id": north}, "parent_id"),
        ({"key": "north", "parent_id": -1}, "parent_id"),
        ({"key": "north", "manager_id": -1}, "manager_id"),
        (
            {
                "key": "North!",
            },
            "key",
        ),
        ({"key": "north", "kind": "secret"}, "kind"),
        ({"key": "north", "name": ""}, "name"),
    ]:
        with pytest.raises(Invalid) as caught:
            services.save_team(**{"name": "North", **wrong}, actor=actor, now=MONDAY)
        assert caught.value.field == field
    with pytest.raises(Refused):
        services.save_team(key="dach", name="DACH", kind="partner", actor=actor, now=MONDAY)
    assert queries.teams()[north].name == "North"
    assert len(facts("team.saved")) == 1


def test_users_are_listed_in_one_query(db, cast, django_assert_num_queries):
    close(cast, "kim")
    with django_assert_num_queries(1):
        assert cast.user["kim"] not in queries.users(active=True)
    assert list(queries.users(active=False)) == [cast.user["kim"]]
    with django_assert_num_queries(1):
        everybody = [row.name for row in queries.users().values()]
    assert everybody == sorted(everybody)
    assert list(queries.users([cast.user["ola"]])) == [cast.user["ola"]]


def test_two_of_the_same_name_are_told_apart(db, cast):
    add(cast, name="Kim Maurer")
    with pytest.raises(Conflict):
        queries.user_by_name("kim maurer")
    close(cast, "kim")
    found = queries.user_by_name("Kim Maurer")
    assert found is not None
    assert found.is_active
