"""CSV that says what ids mean, that no spreadsheet takes for formulas, and whose columns are all known."""

from __future__ import annotations

import csv
import io
import json
from datetime import UTC, datetime

import pytest

from leadloop.capture.queries import portal
from leadloop.capture.services import receive
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.loop import exports, pump
from leadloop.loop.tests.test_install import FIRM, PEOPLE, SQUADS, install

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def one_lead(empty_db: str) -> None:
    install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    asked = {
        "given_name": "=HYPERLINK(1)",
        "family_name": "Ruiz",
        "email": "dana@acme.example",
        "company": "Acme",
        "title": "Head of operations",
        "timing": "this month",
        "budget": "20,000 EUR",
        "shoe size": "43",
    }
    with clock.at(MONDAY):
        receive(portal=portal("web-form"), body=json.dumps(asked).encode(), now=MONDAY)
        pump.prepare()
        pump.drain()


def written(what: str, *names: str) -> list[dict[str, str]]:
    file = io.StringIO()
    assert list(exports.write(what, names, file)) == [1] or what == "events"
    return list(csv.DictReader(io.StringIO(file.getvalue())))


def test_a_lead_stands_with_its_person_its_owner_and_what_it_may_bring(one_lead: None) -> None:
    (row,) = written("leads")
    assert row["person.given_name"] == "'=HYPERLINK(1)"
    assert row["lead.owner"] == "Kim Maurer"
    assert row["company.name"] == "Acme"
    assert row["lead.source"] == "Website"
    assert row["lead.stage"] == "assigned"
    assert row["lead.opened_at"] == "2026-03-02T09:00:00+00:00"
    assert row["lead.closed_at"] == ""
    assert row["lead.expected_value"].partition(".")[2] == "00"  # in euro, not in cents


def test_columns_are_chosen_by_name_and_come_in_that_order(one_lead: None) -> None:
    (row,) = written("people", "company.name", "person.email", "person.attributes")
    assert list(row) == ["company.name", "person.email", "person.attributes"]
    assert json.loads(row["person.attributes"])["shoe size"] == "43"


@pytest.mark.parametrize("what", list(exports.KINDS))
def test_every_column_there_is_can_be_written(one_lead: None, what: str) -> None:
    known = exports.columns(what)
    assert set(exports.kind_of(what).usual) <= set(known)
    rows = written(what, *known)
    assert rows
    assert set(rows[0]) == set(known)


def test_the_ledger_comes_out_in_order(one_lead: None) -> None:
    rows = written("events", "id", "kind")
    assert [int(row["id"]) for row in rows] == sorted(int(row["id"]) for row in rows)
    assert "lead.opened" in {row["kind"] for row in rows}


def test_an_unknown_column_is_answered_with_those_there_are(one_lead: None) -> None:
    with pytest.raises(Invalid, match=r"person\.email"):
        written("people", "person.password")
    with pytest.raises(NotFound, match="leads, people, inquiries, events"):
        written("passwords")
