"""Kim finds people herself: they come in as everybody does, are hers at once, and nobody's lead changes hands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import balance, inquiries, portal
from leadloop.capture.services import PortalIn, save_portal
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import open_of, promises, rows, worklist
from leadloop.ledger.sql import fetch
from leadloop.loop import erasing, prospecting
from leadloop.loop.prospecting import Basis, Prospect, Standing, Then
from leadloop.outreach.contracts import Purpose
from leadloop.people.contracts import Channel, Suppress
from leadloop.people.queries import buying_roles, consents, members, people, reachable, with_address
from leadloop.people.services import suppress
from tests.stories.house import SETUP, House, open_house
from tests.support.cast import Cast
from tests.support.statements import count

pytestmark = pytest.mark.django_db
DANA = {
    "full_name": "Dana Ruiz", "email": "dana.ruiz@acme-pumps.example", "company": "Acme Pumps GmbH",
    "title": "Head of Operations", "buying_role": "decision_maker", "social": "https://www.linkedin.com/in/dana-ruiz-4b5",
}  # fmt: skip


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    opened = open_house(cast)
    with clock.at(opened.now):
        open_prospecting(opened)
        yield opened


def open_prospecting(house: House, **changed: Any) -> None:
    wanted = {
        "key": "prospecting",
        "name": "Prospecting",
        "kind": PortalKind.STAFF,
        "owner_id": house.cast.user["grace"],
        "interest_id": house.cast.interest["general"],
        "source_id": house.cast.source["referral"],
        "handover": "sales_owned",
        "acknowledge": False,
    }
    save_portal(portal=PortalIn(**{**wanted, **changed}), actor=SETUP, now=house.now)


def find(house: House, *texts: dict[str, str], by: str = "kim", token: str = "t", **then: Any) -> list[Any]:
    prospects = [
        Prospect(ref=place, texts={k: v for k, v in one.items() if k != "theirs"}, to_theirs="theirs" in one)
        for place, one in enumerate(texts)
    ]
    door = portal("prospecting")
    return prospecting.add(house.viewer(by), prospects, Then(**then), portal=door, token=token, now=house.now)


def test_who_was_found_is_the_finders_lead_with_a_next_step(house: House) -> None:
    tomorrow = house.now + timedelta(days=1)
    (added,) = find(house, DANA, basis=Basis.INTEREST, next_step_at=tomorrow, next_step_note="Send the case study")
    house.run()
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert (added.outcome, added.lead_id) == ("new", lead.id)
    assert (lead.stage, lead.exception_code, lead.owner_id) == (Stage.WORKING, "own_prospect", house.cast.user["kim"])
    assert (lead.due_at, lead.due_kind) == (tomorrow, "next_step")
    running = [one for one in promises([lead.id])[lead.id] if one.state == "running"]
    assert [(one.kind, one.note) for one in running] == [("next_step", "Send the case study")]
    assert fetch("select count(*) from distribution_assignment") == [(0,)]  # nobody was handed anything
    (told,) = inquiries([lead.id])
    assert (told.portal_name, told.source_id) == ("Prospecting", house.cast.source["referral"])
    (day,) = balance(first=house.now.date(), last=house.now.date())
    assert (day.received, day.new, day.waiting, day.quarantined) == (1, 1, 0, 0)
    assert house.breaches() == []


def test_without_a_day_the_agreement_says_when(house: House) -> None:
    find(house, DANA)
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert lead.due_kind == "next_step"
    assert lead.due_at is not None
    assert lead.due_at > house.now


def test_the_role_is_kept_with_the_place_at_the_firm(house: House) -> None:
    find(house, DANA, {**DANA, "full_name": "Bo Lind", "email": "bo@acme-pumps.example", "buying_role": "user",
                       "social": ""})  # fmt: skip
    dana, bo = (with_address(one)[0] for one in (DANA["email"], "bo@acme-pumps.example"))
    assert buying_roles([dana, bo]) == {dana: "decision_maker", bo: "user"}
    firm = people([dana])[dana].company_id
    assert firm is not None
    assert [(one.person_id, one.buying_role) for one in members(firm)] == [(dana, "decision_maker"), (bo, "user")]


def test_nothing_is_a_consent_and_no_marketing_mail_may_go(house: House) -> None:
    find(house, DANA, basis=Basis.INTEREST)
    (dana,) = with_address(DANA["email"])
    assert consents([dana]) == {dana: []}
    assert people([dana])[dana].attributes["contact_basis"] == "legitimate_interest"
    assert reachable([dana], Channel.EMAIL, Purpose.MARKETING)[dana].consent == ""
    house.run()
    assert fetch("select count(*) from outreach_message where person_id is not null") == [(0,)]


def test_a_colleagues_lead_stays_theirs(house: House) -> None:
    find(house, DANA, by="ola")
    (lead,) = open_of(with_address(DANA["email"]))
    seen = prospecting.look(
        house.viewer("kim"), [Prospect(ref=0, texts=DANA)], Then(), portal=portal("prospecting"), now=house.now
    )[0]
    assert (seen.standing, seen.role) == (Standing.THEIRS, "decision_maker")
    assert seen.lead is not None
    assert seen.lead.owner_id == house.cast.user["ola"]
    (added,) = find(house, DANA, token="k1")
    assert (added.outcome, rows([lead.id])[lead.id].touches) == ("left_out", 1)
    tomorrow = house.now + timedelta(days=1)
    (added,) = find(house, DANA | {"theirs": "yes", "phone": "+49 30 5550123"}, token="k2", next_step_at=tomorrow)
    after = rows([lead.id])[lead.id]
    assert (added.outcome, after.owner_id, after.touches, after.due_at) == ("joined", lead.owner_id, 2, lead.due_at)
    assert people([lead.person_id])[lead.person_id].phone == "+49 30 5550123"
    assert house.breaches() == []


def test_a_lead_for_another_interest_is_no_bar_and_is_shown(house: House) -> None:
    find(house, DANA, by="ola", interest="pumps")
    (added,) = find(house, DANA, token="k")
    assert (added.outcome, added.look.standing) == ("new", Standing.KNOWN)
    assert [one.owner_id for one in added.look.leads] == [house.cast.user["ola"]]


def test_ones_own_lead_is_joined_and_gets_the_new_step(house: House) -> None:
    find(house, DANA)
    later = house.now + timedelta(days=3)
    (added,) = find(house, DANA, token="again", next_step_at=later)
    (lead,) = worklist(house.viewer("kim"), now=house.now).rows
    assert (added.outcome, added.look.standing) == ("joined", Standing.MINE)
    assert (lead.touches, lead.due_at) == (2, later)
    assert all(one.kind != "reply" for one in promises([lead.id])[lead.id])  # nobody waits for an answer


def test_a_profile_alone_tells_who_it_is(house: House) -> None:
    profile = {"full_name": "Dana Ruiz", "social": "linkedin.com/in/dana-ruiz-4b5/?trk=1"}
    find(house, DANA)
    (added,) = find(house, profile, token="p")
    assert added.look.standing is Standing.MINE
    (other,) = find(house, {**profile, "social": "https://www.linkedin.com/in/dana-ruiz-99"}, token="q")
    assert (other.outcome, [one.name for one in other.look.namesakes]) == ("new", ["Dana Ruiz"])


def test_the_same_twice_in_one_list_is_one_person(house: House) -> None:
    first, second = find(house, DANA, {"email": "Dana.Ruiz@acme-pumps.example"})
    assert (second.look.twin_of, second.lead_id) == (0, first.lead_id)
    assert len(open_of(with_address(DANA["email"]))) == 1


def test_sending_the_same_list_twice_adds_nobody_twice(house: House) -> None:
    (once,) = find(house, DANA)
    (twice,) = find(house, DANA)
    assert once.lead_id == twice.lead_id
    assert rows([once.lead_id])[once.lead_id].touches == 1


def test_who_was_erased_is_not_taken_in_again_and_suppressed_addresses_stay_so(house: House) -> None:
    find(house, DANA)
    (dana,) = with_address(DANA["email"])
    erasing.erase(person_id=dana, reason="requested", ending="no_need", actor=SETUP, now=house.now)
    barred = {"full_name": "Bo Lind", "email": "bo@lind.example"}
    suppress([Suppress(channel=Channel.EMAIL, norm="bo@lind.example", reason="unsubscribed")], actor=SETUP,
             now=house.now)  # fmt: skip
    first, second = find(house, DANA, barred, token="after")
    assert (first.outcome, first.look.standing, with_address(DANA["email"])) == ("left_out", Standing.ERASED, [])
    assert (second.outcome, second.look.barred) == ("new", ("e-mail",))
    (bo,) = with_address("bo@lind.example")
    assert reachable([bo], Channel.EMAIL, Purpose.MARKETING)[bo].suppressed
    assert house.breaches() == []


def test_who_can_not_be_reached_is_left_out_with_the_reason(house: House) -> None:
    (added,) = find(house, {"full_name": "Dana Ruiz"})
    assert (added.outcome, added.look.standing) == ("left_out", Standing.UNREADABLE)
    assert "no name together with a company" in added.look.why


def test_from_outside_nobody_can_name_a_finder_or_take_anothers_profile(house: House) -> None:
    find(house, DANA)
    house.inquire("web-form", name="Mallory", email="m@evil.example", social=DANA["social"], found_by="1")
    house.run()
    (mallory,) = with_address("m@evil.example")
    (lead,) = open_of([mallory])
    assert mallory not in with_address(DANA["email"])
    assert lead.stage is not Stage.WORKING


def test_the_number_of_queries_does_not_depend_on_how_many_are_found(house: House) -> None:
    def people_at(start: int, many: int) -> list[dict[str, str]]:
        return [
            DANA
            | {
                "full_name": f"Rhea Qu{chr(97 + n // 10)}{chr(97 + n % 10)}x",
                "email": f"r{n}@acme.example",
                "social": "",
            }
            for n in range(start, start + many)
        ]

    def counted(some: list[dict[str, str]], token: str) -> int:
        with CaptureQueriesContext(connection) as told:
            find(house, *some, token=token, next_step_at=house.now + timedelta(days=1))
        return count(told)

    counted(people_at(0, 1), "warm")
    assert counted(people_at(10, 1), "one") == counted(people_at(20, 30), "thirty")
