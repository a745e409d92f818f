"""A company is set up so that the loop goes round from the first inquiry."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from django.contrib.auth import authenticate
from django.db import connection

from leadloop.agreement.queries import in_force
from leadloop.capture.queries import inquiries, portal, portals
from leadloop.capture.services import receive
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.loop import check, pump
from leadloop.loop.install import Colleague, Firm, Squad, bare, flow, install
from leadloop.platform.queries import company, teams, user_by_email, users

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
FIRM = Firm("Alder & Finch", zone="Europe/Berlin", country="DE")
PEOPLE = [
    Colleague("ines@alder-finch.example", "Ines Vogt", ("head_of_lead_management",)),
    Colleague("grace@alder-finch.example", "Grace Oyelaran", ("head_of_sales",)),
    Colleague("paul@alder-finch.example", "Paul Renner", ("head_of_marketing",)),
    Colleague("ruth@alder-finch.example", "Ruth Meier", ("sales_manager",), squad="dach"),
    Colleague("kim@alder-finch.example", "Kim Maurer", ("salesperson",), squad="dach"),
]
SQUADS = [Squad("dach", "DACH", manager="ruth@alder-finch.example")]
READY = {
    "name": "Dana Ruiz",
    "email": "dana.ruiz@acme.example",
    "company": "Acme",
    "title": "Head of operations",
    "budget": "20,000 EUR",
    "timing": "this month",
}


def ask(key: str, **values: str) -> int:
    """Send an inquiry through a portal; returns the lead it led to."""
    with clock.at(MONDAY):
        submission = receive(portal=portal(key), body=json.dumps(values).encode(), now=MONDAY)
        pump.prepare()
        pump.drain()
        (row,) = inquiries(ids=[submission])
    assert row.lead_id is not None
    return row.lead_id


def facts() -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_event")
        return int(cursor.fetchone()[0])


def test_the_first_inquiry_stands_on_a_salespersons_desk(empty_db: str) -> None:
    installed = install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    lead = rows([ask("web-form", **READY)])
    (found,) = lead.values()
    assert found.stage is Stage.ASSIGNED
    assert found.owner_id == installed.users["kim@alder-finch.example"]
    assert found.due_kind == "accept"
    assert check.run() == []


def test_somebody_who_only_looks_is_kept_warm(empty_db: str) -> None:
    installed = install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    (found,) = rows([ask("api", name="Lee Moss", email="lee.moss@gmail.com")]).values()
    assert found.stage is Stage.NURTURING
    assert found.owner_id == installed.users["paul@alder-finch.example"]  # nobody is a marketer here


def test_whoever_calls_is_handed_to_sales_at_once(empty_db: str) -> None:
    install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    (found,) = rows([ask("phone", name="Lee Moss", phone="+49 30 23125 001", company="Moss")]).values()
    assert (found.stage, found.exception_code) == (Stage.ASSIGNED, "portal_hands_over")


def test_portals_people_and_parts_stand(empty_db: str) -> None:
    installed = install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    kinds = {row.key: row.kind for row in portals().values()}
    assert kinds == {
        "web-form": "browser",
        "api": "server",
        "trade-show": "staff",
        "phone": "staff",
        "referral": "staff",
        "prospecting": "staff",
    }
    (team,) = teams().values()
    assert team.manager_id == installed.users["ruth@alder-finch.example"]
    terms = in_force()
    assert terms.keeper("qualified") == installed.users["ines@alder-finch.example"]
    assert terms.keeper("working") == installed.users["grace@alder-finch.example"]
    assert company().zone == "Europe/Berlin"


def test_a_second_installation_changes_nothing(empty_db: str) -> None:
    first = install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    before = facts()
    other = Firm("Another name", zone="UTC", currency="USD")
    assert install(other, PEOPLE, squads=SQUADS, now=MONDAY) == first
    assert facts() == before
    assert company().name == "Alder & Finch"


def test_an_installation_that_breaks_off_leaves_nothing(empty_db: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("the lights went out")

    with monkeypatch.context() as patched:
        patched.setattr(flow, "share_out", fail)
        with pytest.raises(RuntimeError):
            install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    assert facts() == 0
    install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    (found,) = rows([ask("web-form", **READY)]).values()
    assert found.stage is Stage.ASSIGNED


def test_a_bare_company_has_one_user_who_answers_for_everything(empty_db: str) -> None:
    email = bare(FIRM, password="hq7m-x2kd-aaaa-bbbb", now=MONDAY)
    user = user_by_email(email)
    assert user is not None
    assert list(users()) == [user.id]
    assert authenticate(username=email, password="hq7m-x2kd-aaaa-bbbb") or authenticate(
        email=email, password="hq7m-x2kd-aaaa-bbbb"
    )
    (found,) = rows([ask("web-form", **READY)]).values()
    assert (found.stage, found.owner_id) == (Stage.ASSIGNED, user.id)
