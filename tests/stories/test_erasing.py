"""Somebody asks to be erased: nothing that names them is left in any table, and every promise still holds."""

from __future__ import annotations

from datetime import timedelta

import orjson
import pytest
from django.apps import apps
from django.db import connection

from leadloop.distribution.queries import given_back
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows, worklist
from leadloop.ledger.contracts import by_system
from leadloop.ledger.models import Event
from leadloop.loop import commands
from leadloop.loop.commands import NewDeal
from leadloop.loop.erasing import erase, hand_out, outlook
from leadloop.people.queries import with_address
from leadloop.selling.contracts import ActivityIn, ActivityKind
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
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
