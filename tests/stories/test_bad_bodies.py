"""Faults 46 and 66: what programs and pages send is read as far as it makes sense, and grants nobody anything."""

from __future__ import annotations

from typing import Any

import orjson
import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.queries import rows, worklist
from leadloop.loop import commands
from leadloop.platform import services as platform
from leadloop.platform.models import User
from leadloop.platform.services import TOKEN_SCOPES
from leadloop.selling.models import Activity
from tests.stories.house import SETUP, House
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast

DEEP = 10_000
BODIES = {
    "deep objects": b'{"kind":' * DEEP + b"1" + b"}" * DEEP,
    "deep lists": b"[" * DEEP + b"]" * DEEP,
    "said twice": b'{"kind": "call", "kind": "evil"}',
    "not a number": b'{"kind": "call", "minutes": NaN, "outcome": Infinity}',
    "wrong types": b'{"kind": [1, {}], "outcome": {"a": 1}, "note": 7, "counts": "many", "other": true}',
    "huge numbers": b'{"kind": "call", "other": ' + b"9" * 4_000 + b', "counts": [{"count": 1e999}]}',
    "a lone half": b'{"kind": "call", "outcome": "talked", "note": "\\ud800"}',
    "a nought": b'{"kind": "call", "outcome": "talked", "note": "a\\u0000b"}',
    "no text": b"\xff\xfe\x00\x00",
    "nothing": b"",
}
GRAB = {
    "tenant_id": 2, "is_staff": True, "is_superuser": True, "roles": ["admin"], "role": "admin", "team": "1",
    "team_id": 1, "owner": 1, "owner_id": 1, "score": 100, "grade": "A", "stage": "won", "is_active": True, "id": 7,
    "person_id": 1, "expected_value": 10**9, "token_digest": "x", "slug": "mine", "actor": "system", "user_id": 1,
}  # fmt: skip


@pytest.fixture
def lead_id(house: House) -> int:
    house.inquire(**DANA)
    house.run()
    lead = worklist(house.viewer("kim"), now=house.now).rows[0]
    commands.accept(house.viewer("kim"), [lead.id], now=house.now)
    return lead.id


def token(house: House, name: str) -> dict[str, str]:
    """A token of somebody with everything they may."""
    viewer = house.viewer(name)
    scopes = [scope for scope, right in TOKEN_SCOPES.items() if viewer.may(*right)]
    _, plain = platform.create_token(user_id=viewer.user_id, name="all", scopes=scopes, actor=SETUP, now=house.now)
    return {"Authorization": f"Bearer {plain}"}


@pytest.mark.parametrize("name", BODIES)
def test_fault_46_a_body_made_to_break_readers_is_refused_with_what_is_wrong(
    house: House, lead_id: int, client: Client, name: str
) -> None:
    addresses = {
        f"/api/v1/leads/{lead_id}/activities": "activities:edit",
        f"/api/v1/people/{lead_id}/merge": "people:edit",
        "/api/v1/portals/api/counts": "portals:edit",
    }
    with clock.at(house.now):
        for address, scope in addresses.items():
            who = next(one for one in ("kim", "ines", "ada") if house.viewer(one).may(*TOKEN_SCOPES[scope]))
            headers = token(house, who) | {"Idempotency-Key": "k"}
            answer = client.post(address, BODIES[name], content_type="application/json", headers=headers)
            assert answer.status_code in (413, 422), (address, answer.status_code, answer.content[:300])
            assert answer.json().keys() >= {"code", "problem", "field", "mend"}
    assert not Activity.objects.exists()


def test_fault_66_a_program_that_asks_for_more_than_it_may_gets_no_more(
    house: House, lead_id: int, client: Client
) -> None:
    before = rows([lead_id])[lead_id]
    step = {"kind": "note", "note": "Likes pumps."}
    with clock.at(house.now):
        answer = client.post(
            f"/api/v1/leads/{lead_id}/activities",
            orjson.dumps(GRAB | step),
            content_type="application/json",
            headers=token(house, "kim") | {"Idempotency-Key": "k"},
        )
    assert answer.status_code in (201, 422), answer.content
    after = rows([lead_id])[lead_id]
    for field in ("owner_id", "team_id", "stage", "grade", "expected_value", "person_id"):
        assert getattr(after, field) == getattr(before, field), field
    assert not Activity.objects.exclude(user_id=house.cast.user["kim"]).exists()


FORMS = {
    "/me": {"name": "Kim Maurer", "email": "kim@alder-finch.example", "zone": "Europe/Berlin"},
    "/me/theme": {"theme": "dark"},
    "/me/notices": {},
    "/segments/new?subject=lead": {"name": "Mine", "subject": "lead"},
    "/system/users/{kim}": {"name": "Kim Maurer"},
    "/leads/{lead}/note": {"note": "Likes pumps."},
}


@pytest.mark.parametrize("page", FORMS)
def test_fault_66_a_form_takes_only_what_it_asks(house: House, cast: Cast, lead_id: int, page: str) -> None:
    def standing() -> list[Any]:
        fields = ("id", "roles", "team_id", "is_active", "is_superuser")
        known = {field.name for field in User._meta.get_fields()} | {"team_id"}
        return list(User.objects.order_by("id").values_list(*(name for name in fields if name in known)))

    users, lead = standing(), rows([lead_id])[lead_id]
    with clock.at(house.now):
        address = page.format(kim=cast.user["kim"], lead=lead_id)
        answer = as_user(cast, "kim").post(address, GRAB | FORMS[page])
    assert answer.status_code < 500
    assert standing() == users
    after = rows([lead_id])[lead_id]
    assert (after.owner_id, after.stage, after.grade) == (lead.owner_id, lead.stage, lead.grade)
