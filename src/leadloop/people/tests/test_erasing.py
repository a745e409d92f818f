"""Erasure on request goes through every store and leaves hashes only."""

from __future__ import annotations

from typing import Any

import pytest
from django.apps import apps

from leadloop.kernel.errors import NotFound
from leadloop.ledger.sql import fetch
from leadloop.people import stores
from leadloop.people.contracts import Channel, ConsentWord
from leadloop.people.queries import consents, people, search
from leadloop.people.rules.digests import digest
from leadloop.people.services import change_fields, export, fill_in, forget, give_consent, register_store
from leadloop.people.tests.world import ME, NOW, facts, firm, known, told

SECRET = "Zebedee"


def everything_in(room: str) -> str:
    """All rows of the room's tables, as one text."""
    tables = [model._meta.db_table for model in apps.get_app_config(room).get_models()]
    return "\n".join(str(row) for table in tables for (row,) in fetch(f"select to_jsonb(t)::text from {table} t", []))


@pytest.fixture
def anna(db: None) -> int:
    """Somebody of whom everything is known, and all of it would give them away."""
    person_id = known(
        f"{SECRET}",
        f"{SECRET}son",
        emails=(f"{SECRET}@x.com",),
        phones=("+49301",),
        company_id=firm("Acme"),
        title=f"Chief {SECRET}",
        city=f"{SECRET}ville",
        language="de",
        zone="Europe/Berlin",
        country="DE",
        attributes={"nickname": SECRET},
        external=(("crm", f"{SECRET}-7"),),
    )
    change_fields(person_id=person_id, changes={"city": f"New {SECRET}"}, actor=ME, now=NOW)
    word = ConsentWord(person_id=person_id, channel=Channel.EMAIL, purpose="marketing", wording="Yes", source="form")
    give_consent([word], actor=ME, now=NOW)
    return person_id


def test_nothing_personal_is_left(anna: int) -> None:
    assert SECRET in everything_in("people")

    done = forget(person_id=anna, actor=ME, now=NOW)

    left = everything_in("people").lower()
    assert [word for word in (SECRET.lower(), "+49301") if word in left] == []
    assert (done.person_ids, done.rows["people"] >= 5) == ((anna,), True)
    row = people([anna])[anna]
    assert (row.name, row.email, row.company_id, row.erased) == ("Erased person", "", None, True)
    assert search(SECRET) == []
    assert SECRET not in str(facts("person.erased"))


def test_hashes_and_what_holds_nothing_personal_stay(anna: int) -> None:
    forget(person_id=anna, actor=ME, now=NOW)
    ((digests,),) = fetch("select digests from people_tombstone where person_id = %s", [anna])
    assert set(digests) == {
        digest("email", f"{SECRET}@x.com".lower()),
        digest("call", "+49301"),
        digest("sms", "+49301"),
    }
    assert [c.wording for c in consents([anna])[anna]] == ["Yes"]
    assert len(facts("person.erased", anna)) == 1


def test_it_may_be_asked_twice_and_nothing_comes_back(anna: int) -> None:
    forget(person_id=anna, actor=ME, now=NOW)
    before = everything_in("people")
    assert fill_in([(anna, told(SECRET, emails=("b@x.com",)))], actor=ME, now=NOW, source="inquiry") == {}
    assert forget(person_id=anna, actor=ME, now=NOW).rows["people"] == 0
    assert everything_in("people") == before
    assert len(facts("person.erased", anna)) == 1


def test_who_is_not_known_can_not_be_erased_or_exported(db: None) -> None:
    with pytest.raises(NotFound):
        forget(person_id=10**9, actor=ME, now=NOW)
    with pytest.raises(NotFound):
        export(10**9)


def test_everything_held_can_be_shown(anna: int) -> None:
    held = export(anna)
    assert held["known_as"] == [anna]
    assert held["names"][0]["given_name"] == SECRET
    assert [a["value"] for a in held["addresses"]] == [f"{SECRET}@x.com", "+49301"]
    assert [p["company"] for p in held["positions"]] == ["Acme"]
    assert [c["wording"] for c in held["consents"]] == ["Yes"]
    assert [e["external_id"] for e in held["external_ids"]] == [f"{SECRET}-7"]
    assert [h["new"] for h in held["field_history"]] == [f"New {SECRET}"]


@pytest.fixture
def notes(monkeypatch: pytest.MonkeyPatch) -> dict[int, str]:
    """A further store, as another room would register it."""
    kept: dict[int, str] = {}

    def erase(cursor: stores.Cursor, person_ids: list[int]) -> int:
        cursor.execute("select count(*) from people_contactpoint where person_id = any(%s)", [person_ids])
        assert cursor.fetchall() == [(0,)] or not kept  # stores go in the order of their names: ours comes last
        return sum(kept.pop(i, None) is not None for i in person_ids)

    def show(person_ids: list[int]) -> list[dict[str, Any]]:
        return [{"note": kept[i]} for i in person_ids if i in kept]

    monkeypatch.setattr(stores, "_STORES", dict(stores._STORES))
    register_store("zz_notes", erase, show)
    return kept


def test_every_registered_store_takes_part(anna: int, notes: dict[int, str]) -> None:
    notes[anna] = SECRET
    assert export(anna)["zz_notes"] == [{"note": SECRET}]
    assert forget(person_id=anna, actor=ME, now=NOW).rows["zz_notes"] == 1
    assert notes == {}


def test_a_store_that_fails_undoes_the_erasure(anna: int, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(cursor: stores.Cursor, person_ids: list[int]) -> int:
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(stores, "_STORES", dict(stores._STORES))
    register_store("zz_files", refuse)
    with pytest.raises(RuntimeError):
        forget(person_id=anna, actor=ME, now=NOW)
    assert people([anna])[anna].email == f"{SECRET}@x.com"
    assert facts("person.erased") == []


def test_a_store_is_registered_once(notes: dict[int, str]) -> None:
    with pytest.raises(ValueError, match="twice"):
        register_store("zz_notes", lambda cursor, ids: 0)
