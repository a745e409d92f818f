"""Persons as the search compares them: every field in its normal form, from wherever it was told."""

from __future__ import annotations

from typing import Any

import pytest

from leadloop.identity.batch.table import SCHEMA, people_table
from leadloop.people.contracts import Comparable


def row(given: str = "", family: str = "", **told: Any) -> dict[str, Any]:
    nothing = {"email": "", "phone": "", "firm_key": "", "domain": "", "city": "", "attributes": None}
    one = Comparable(id=7, fresh=True, lookalike=False, given=given, family=family, **(nothing | told))
    (found,) = people_table([one]).to_pylist()
    return {name: value for name, value in found.items() if value is not None and name in told_fields}


told_fields = {field.name for field in SCHEMA} - {"id", "fresh", "lookalike"}


def test_names_are_letters_alone() -> None:
    assert row("Anna-Maria", "d’Été ") == {"given": "annamaria", "family": "dete"}
    assert row() == {}


def test_an_address_tells_the_mailbox_and_the_firm_unless_anyone_can_have_it() -> None:
    assert row(email="tulip71@acme.example") == {
        "email": "tulip71@acme.example",
        "mailbox": "tulip71",
        "domain": "acme.example",
    }
    assert "domain" not in row(email="anna.berg@gmail.com")
    assert row(email="anna.berg@gmail.com", domain="acme.example")["domain"] == "acme.example"


@pytest.mark.parametrize(
    ("mailbox", "kept"),
    [("anna.berg", False), ("a.berg", False), ("berg", False), ("berga", False), ("anna71", True), ("tulip", True)],
)
def test_a_mailbox_that_only_spells_the_name_says_nothing_more(mailbox: str, kept: bool) -> None:
    assert ("mailbox" in row("Anna", "Berg", email=f"{mailbox}@acme.example")) is kept


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("1971-06-24", "19710624"),
        ("24.06.1971", "19710624"),
        ("24/6/1971", "19710624"),
        ("19710624", "19710624"),
        ("1971-06-24 00:00:00", "19710624"),
        ("unknown", None),
        ("1971", None),
    ],
)
def test_a_date_of_birth_is_read_whoever_wrote_it(text: str, normal: str | None) -> None:
    assert row(attributes={"Date of birth": text}).get("birth") == normal


@pytest.mark.parametrize(
    "attributes",
    [
        {"street_number": "7", "address_1": "Wallaby Place", "postcode": "21 19", "suburb": "Cleveland"},
        {"Street Address": "7 Wallaby Place", "ZIP": "2119", "Locality": "Cleveland"},
        {"Straße": "Wallaby Place 7", "PLZ": "2119", "Ortsteil": "CLEVELAND", "shoe size": "43"},
    ],
)
def test_street_number_and_place_are_found_among_the_attributes(attributes: dict[str, str]) -> None:
    expected = {"street": "wallaby place", "house": "7", "postcode": "2119", "city": "cleveland"}
    assert row(attributes=attributes) == expected


def test_a_base_of_many_pieces_is_one_table_and_says_how_far_it_is() -> None:
    said: list[int] = []
    everybody = (Comparable(n, False, False, "Anna", f"Berg{n}", "", "", "", "", "", None) for n in range(45_000))
    table = people_table(everybody, on=said.append)
    assert (table.num_rows, table.schema, said) == (45_000, SCHEMA, [20_000, 40_000, 45_000])
    assert people_table([]).num_rows == 0
