"""Somebody asks to be erased: nothing that names them is left in any table, and every promise still holds."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import orjson
import pytest
from django.apps import apps
from django.db import connection

from leadloop.agreement.queries import in_force
from leadloop.distribution.queries import given_back
from leadloop.front.sheets.writing import WRITERS
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows, worklist
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.ledger.sql import fetch
from leadloop.loop import commands, exports
from leadloop.loop.cli.work.exporting import export
from leadloop.loop.commands import NewDeal
from leadloop.loop.erasing import erase, hand_out, outlook
from leadloop.nurture import services as nurture
from leadloop.people.queries import with_address
from leadloop.selling.contracts import ActivityIn, ActivityKind
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
from tests.support.aside import content
from tests.support.cast import Cast

ADMIN = by_system("test")
TELLTALES = ("zebedee", "quillfeather", "5550123")
THEM = DANA | {
    "name": "Zebedee Quillfeather",
    "email": "zebedee.quillfeather@acme-pumps.example",
    "message": "Zebedee here: please show us your pumps.",
    "title": "Chief Zebedee",
}


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    return open_house(cast)


def somebody(house: House) -> tuple[int, int]:
    """Their person and lead, of whom everybody has written by name wherever one can."""
    house.inquire(**THEM)
    house.run()
    kim, ola = house.viewer("kim"), house.viewer("ola")
    lead = worklist(kim, now=house.now).rows[0]
    house.wait(minutes=10)
    commands.reject(kim, [lead.id], reason="not_my_area", now=house.now)
    (back,) = given_back(kim, since=house.now - timedelta(days=1), limit=5)
    commands.appeal(house.viewer("tomas"), back.assignment_id, text="Zebedee asked for Kim.", now=house.now)
    house.inquire(**THEM)
    house.run()
    commands.accept(ola, [lead.id], now=house.now)
    call = ActivityIn(
        lead_id=lead.id, kind=ActivityKind.CALL, outcome="talked", note="Zebedee wants two.",
        next_step_at=house.now + timedelta(days=1), next_step_note="Call Zebedee",
    )  # fmt: skip
    commands.log(ola, call, now=house.now)
    house.run()
    return lead.person_id, lead.id


def telling() -> list[str]:
    """Tables in which something still names them."""
    found, names = [], "|".join(TELLTALES)
    with connection.cursor() as cursor:
        for model in apps.get_models(include_auto_created=True):
            table = model._meta.db_table
            cursor.execute(f"select count(*) from {table} t where lower(t::text) ~ %s", [names])
            if cursor.fetchone()[0]:
                found.append(table)
        cursor.execute(
            "select count(*) from capture_submission where lower(encode(body, 'escape')) ~ %s", [TELLTALES[0]]
        )
        return found + ["bodies"] * bool(cursor.fetchone()[0])


def test_nothing_that_names_them_is_left_and_every_promise_holds(house: House) -> None:
    person_id, lead_id = somebody(house)
    assert len(telling()) > 5
    about = outlook(person_id)
    assert {one.store for one in about.held} >= {"names", "addresses", "deliveries", "selling", "outbox", "pursuits"}
    assert [lead.id for lead in about.ending] == [lead_id]

    done = erase(person_id=person_id, reason="requested", ending="no_need", actor=ADMIN, now=house.now)
    assert done.rows["undo"] > 0
    assert telling() == []
    house.run()
    assert telling() == []
    assert house.breaches() == []
    after = rows([lead_id])[lead_id]
    assert (after.stage, after.close_reason) == (Stage.DISQUALIFIED, "no_need")
    (fact,) = Event.objects.filter(kind="person.erased")
    assert (fact.reason, fact.payload) == ("requested", None)  # nothing that somebody typed
    assert (outlook(person_id).held, with_address(THEM["email"])) == ((), [])


def test_a_lead_with_a_deal_goes_on_without_the_name(house: House) -> None:
    person_id, lead_id = somebody(house)
    deal = NewDeal(
        lead_ids=(lead_id,), primary=lead_id, name="Zebedee's pumps", currency="EUR", amount=4_000_000,
        close_on=(house.now + timedelta(days=30)).date(), next_step="Ring Zebedee", person_id=person_id,
        next_step_at=house.now + timedelta(days=1),
    )  # fmt: skip
    done = commands.open_deal(house.viewer("ola"), deal, now=house.now)
    about = outlook(person_id)
    assert (about.ending, [lead.id for lead in about.going_on]) == ((), [lead_id])
    erase(person_id=person_id, reason="requested", ending="", actor=ADMIN, now=house.now)
    assert telling() == []
    assert rows([lead_id])[lead_id].stage is Stage.OPPORTUNITY
    assert done.opportunity_id is not None
    commands.win(house.viewer("ola"), done.opportunity_id, now=house.now)
    house.run()
    assert house.breaches() == []


def test_they_are_handed_everything_in_their_own_words(house: House) -> None:
    person_id, _ = somebody(house)
    found = orjson.loads(hand_out(person_id, actor=ADMIN, now=house.now))
    text = str(found)
    for said in ("Zebedee here", "Zebedee wants two.", "Call Zebedee", "Zebedee asked for Kim.", "+49305550123"):
        assert said in text, said
    assert Event.objects.filter(kind="person.exported", person_id=person_id).count() == 1


def test_fault_48_who_is_on_a_journey_leaves_it_and_gets_no_further_letter(house: House) -> None:
    nurture.install_standard(owner_id=house.cast.user["tomas"], terms=in_force(), actor=ADMIN, now=house.now)
    house.inquire(name=THEM["name"], email=THEM["email"])
    house.run()
    ((lead_id, state),) = fetch("select lead_id, state from nurture_enrolment")
    assert state == "waiting"
    person_id = rows([lead_id])[lead_id].person_id
    erase(person_id=person_id, reason="requested", ending="no_need", actor=ADMIN, now=house.now)
    house.run()
    assert fetch("select state from nurture_enrolment") == [("left",)]
    house.wait(days=40)
    with clock.at(house.now):
        nurture.advance(limit=100, terms=in_force(), actor=ADMIN, now=house.now)
    house.run()
    assert fetch("select count(*) from outreach_message where state = 'queued' and person_id is not null") == [(0,)]
    assert telling() == []
    kept = fetch("select count(*) from people_suppression where digest <> ''")
    assert kept[0][0] > 0  # of who they were the hash alone is left, by which nobody can bring them back
    assert house.breaches() == []


def test_fault_48_an_export_that_was_under_way_does_not_hold_them(house: House, tmp_path: Path) -> None:
    person_id, _ = somebody(house)
    out = tmp_path / "people.csv"
    write, times = exports.write, []

    def erased_meanwhile(*asked: Any) -> Iterator[int]:
        yield from write(*asked)
        if not times:
            erase(person_id=person_id, reason="requested", ending="no_need", actor=ADMIN, now=house.now)
        times.append(asked)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(exports, "write", erased_meanwhile)
        export("people", (), out)
    assert len(times) == 2
    assert "zebedee" not in out.read_text().lower()
    assert list(tmp_path.iterdir()) == [out]


def test_fault_48_a_table_that_was_under_way_is_not_handed_out(house: House) -> None:
    person_id, _ = somebody(house)
    helen, read = as_user(house.cast, "helen"), WRITERS["csv"]

    def erased_meanwhile(*asked: Any) -> int:
        count = read(*asked)
        erase(person_id=person_id, reason="requested", ending="no_need", actor=ADMIN, now=house.now)
        return count

    with pytest.MonkeyPatch.context() as patch, clock.at(house.now):
        patch.setitem(WRITERS, "csv", erased_meanwhile)
        answer = helen.get("/leads?format=csv")
    assert (answer.status_code, b"zebedee" in answer.content.lower()) == (409, False)
    with clock.at(house.now):
        again = helen.get("/leads?format=csv")
    assert b"zebedee" not in content(again).lower()


def test_what_makes_no_sense_changes_nothing(house: House) -> None:
    person_id, lead_id = somebody(house)
    with pytest.raises(Invalid, match="reason"):
        erase(person_id=person_id, reason="because Zebedee said so", ending="no_need", actor=ADMIN, now=house.now)
    with pytest.raises(Invalid, match="open leads"):
        erase(person_id=person_id, reason="requested", ending="bored", actor=ADMIN, now=house.now)
    with pytest.raises(NotFound):
        erase(person_id=10**9, reason="requested", ending="", actor=ADMIN, now=house.now)
    assert rows([lead_id])[lead_id].closed_at is None
    assert "people_person" in telling()
