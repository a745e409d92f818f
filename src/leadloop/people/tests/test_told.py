"""What other systems call the date of birth, the street and the post code."""

from __future__ import annotations

import pytest

from leadloop.people.rules.told import told


@pytest.mark.parametrize(
    ("heading", "field"),
    [
        ("date_of_birth", "birth"),
        ("Geburtsdatum", "birth"),
        ("Geb. Datum", "birth"),
        ("address_1", "street"),
        ("Straße", "street"),
        ("Mailing Street", "street"),
        ("street_number", "house"),
        ("Hausnr.", "house"),
        ("PLZ", "postcode"),
        ("Código postal", "postcode"),
        ("suburb", "city"),
    ],
)
def test_headings_are_known_however_they_are_written(heading: str, field: str) -> None:
    assert told({heading: " 17 "}) == {field: ["17"]}


def test_each_text_counts_once_and_what_says_nothing_does_not() -> None:
    said = {"zip": "1010", "plz": "1010", "post_code": "1020", "shoe size": "43", "dob": "", "street": None, "rue": " "}
    assert told(said) == {"postcode": ["1010", "1020"]}
