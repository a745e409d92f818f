"""The interface for programs: a token opens what its user may see and its scopes allow, nothing more."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from leadloop.front.tests.pages import as_user
from leadloop.front.tests.test_system_pages import open_leads
from leadloop.kernel import clock
from leadloop.leads.queries import rows
from leadloop.ledger.contracts import by_user
from leadloop.platform.services import create_token, revoke_token
from leadloop.selling.queries import activities
from tests.support.cast import MONDAY, Cast

pytestmark = pytest.mark.django_db
ALL = ("leads:see", "leads:edit", "people:see", "inquiries:see", "programmes:see", "activities:edit")


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


class Program:
    """A program with a token."""

    def __init__(self, cast: Cast, name: str, *scopes: str) -> None:
        user_id = cast.user[name]
        self.token_id, plain = create_token(
            user_id=user_id, name="Test", scopes=scopes or ALL, actor=by_user(user_id), now=MONDAY
        )
        self.headers = {"Authorization": f"Bearer {plain}"}

    def get(self, address: str, **asked: Any) -> Any:
        return Client().get(f"/api/v1/{address}", asked, headers=self.headers)

    def post(self, address: str, body: Any) -> Any:
        return Client().post(f"/api/v1/{address}", body, content_type="application/json", headers=self.headers)


def test_leads_are_listed_page_by_page(cast: Cast) -> None:
    made = open_leads(cast.user["kim"], cast.interest["general"], 5)
    program = Program(cast, "kim")
    first = program.get("leads", limit=3).json()
    second = program.get("leads", limit=3, after=first["next"]).json()
    assert len(first["items"]) == 3
    assert second["next"] is None
    assert sorted(one["id"] for one in (*first["items"], *second["items"])) == sorted(made)
    assert first["items"][0]["stage"] == "inquiry"
    assert first["items"][0]["owner_id"] == cast.user["kim"]


def test_a_token_sees_what_its_user_sees(cast: Cast) -> None:
    (mine,) = open_leads(cast.user["kim"], cast.interest["general"])
    (other,) = open_leads(cast.user["sam"], cast.interest["pumps"])
    program = Program(cast, "kim")
    assert [one["id"] for one in program.get("leads").json()["items"]] == [mine]
    assert program.get(f"leads/{mine}").status_code == 200
    hidden = program.get(f"leads/{other}")
    assert hidden.status_code == 404
    assert hidden.json()["code"] == "not_found"
    assert program.get(f"people/{rows([other])[other].person_id}").status_code == 404
    assert program.get(f"people/{rows([mine])[mine].person_id}").json()["name"] == "Ann 0"
    assert [one["name"] for one in program.get("people", q="Ann").json()] == ["Ann 0"]
    assert len(Program(cast, "paul", "people:see").get("people", q="Ann").json()) == 2


def test_lists_are_filtered_and_wrong_filters_named(cast: Cast) -> None:
    open_leads(cast.user["kim"], cast.interest["general"], 2)
    program = Program(cast, "kim")
    assert len(program.get("leads", stage="inquiry", open="true").json()["items"]) == 2
    assert program.get("leads", open="false").json()["items"] == []
    assert program.get("leads", opened_before=(MONDAY - timedelta(days=1)).isoformat()).json()["items"] == []
    for asked in ({"stage": "nonsense"}, {"limit": 1000}, {"after": "x"}, {"owner": "me"}, {"sort": "colour"}):
        answer = program.get("leads", **asked)
        assert answer.status_code == 422, asked
        assert set(answer.json()) == {"code", "problem", "field", "mend"}
        assert answer.json()["field"] == next(iter(asked))


def test_the_token_is_needed_and_its_scopes_are_kept(cast: Cast) -> None:
    assert Client().get("/api/v1/leads").status_code == 401
    assert Client().get("/api/v1/leads", headers={"Authorization": "Bearer ll_wrong"}).status_code == 403
    narrow = Program(cast, "kim", "leads:see")
    assert narrow.get("leads").status_code == 200
    lacking = narrow.get("programmes")
    assert lacking.status_code == 403
    assert "programmes:see" in lacking.json()["problem"]
    (lead_id,) = open_leads(cast.user["kim"], cast.interest["general"])
    assert narrow.get(f"leads/{lead_id}/inquiries").status_code == 403
    revoke_token(token_id=narrow.token_id, actor=by_user(cast.user["ada"]), now=MONDAY)
    assert narrow.get("leads").status_code == 403


def test_a_session_opens_nothing_here(cast: Cast) -> None:
    assert as_user(cast, "ada").get("/api/v1/leads").status_code == 401


def test_an_activity_is_logged_like_on_the_page(cast: Cast) -> None:
    (lead_id,) = open_leads(cast.user["kim"], cast.interest["general"])
    step = {"next_step_at": (MONDAY + timedelta(days=1)).isoformat(), "next_step_note": "Send the offer"}
    answer = Program(cast, "kim").post(
        f"leads/{lead_id}/activities", {"kind": "call", "outcome": "talked", "note": "Wants a price", **step}
    )
    assert answer.status_code == 201, answer.content
    assert answer.json() == {"lead_id": lead_id, "done": "Call logged"}
    (logged,) = activities([lead_id])[lead_id]
    assert (logged.note, logged.user_id, logged.next_step) == ("Wants a price", cast.user["kim"], "Send the offer")


def test_an_activity_that_makes_no_sense_is_refused_by_field(cast: Cast) -> None:
    (lead_id,) = open_leads(cast.user["kim"], cast.interest["general"])
    program = Program(cast, "kim")
    assert program.post(f"leads/{lead_id}/activities", {"kind": "dance"}).json()["field"] == "kind"
    wrong = program.post(f"leads/{lead_id}/activities", {"kind": "call", "outcome": "danced"})
    assert wrong.status_code == 422
    assert wrong.json()["field"] == "outcome"
    only_looking = Program(cast, "kim", "leads:see", "activities:edit")
    note = {"kind": "note", "note": "x"}
    assert only_looking.post(f"leads/{lead_id}/activities", note).status_code == 403
    assert activities([lead_id]).get(lead_id, []) == []


def test_programmes_are_read(cast: Cast) -> None:
    found = Program(cast, "tomas").get("programmes").json()
    assert {one["key"]: one["level"] for one in found} == {"spring": "programme", "ads": "campaign"}


def test_the_description_is_open_to_all_and_names_every_operation(cast: Cast) -> None:
    answer = Client().get("/api/v1/openapi.json")
    described = answer.json()
    assert answer.status_code == 200
    assert described["info"]["title"] == "Leadloop"
    assert "/api/v1/leads/{lead_id}/activities" in described["paths"]
    for operations in described["paths"].values():
        for operation in operations.values():
            assert operation["security"], operation
            assert "401" in operation["responses"]


def test_numbers_that_are_none_and_bodies_that_cannot_be_read_are_said_to_be_so(cast: Cast) -> None:
    program = Program(cast, "kim")
    for number in ("abc", "0", "9" * 30):
        answer = program.get(f"leads/{number}")
        assert (answer.status_code, answer.json()["field"]) == (422, "lead_id")
    (lead,) = open_leads(cast.user["kim"], cast.interest["general"])
    answer = Client().post(
        f"/api/v1/leads/{lead}/activities", "\0", content_type="application/json", headers=program.headers
    )
    assert (answer.status_code, answer.json()["code"]) == (422, "unreadable")
    assert answer.json()["mend"]
