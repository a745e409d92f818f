"""Names, digests and what may be typed into a field."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid
from leadloop.people.rules.changing import company_changes, person_changes
from leadloop.people.rules.digests import digest, on_every_channel
from leadloop.people.rules.names import display_name, filled_name, folded, may_be_namesakes, search_text


@pytest.mark.parametrize(
    ("given_name", "family_name", "email", "shown"),
    [
        ("Anna", "Berg", "a@x.com", "Anna Berg"),
        ("Anna", "", "a@x.com", "Anna"),
        ("", "Berg", "", "Berg"),
        ("", "", "info@x.com", "info"),
        ("", "", "", "No name"),
    ],
)
def test_everybody_is_called_something(given_name: str, family_name: str, email: str, shown: str) -> None:
    assert display_name(given_name, family_name, email) == shown


def test_people_are_found_whatever_the_accents() -> None:
    assert search_text("Zoë", "Müller", ["Z@X.com"]) == "zoe muller z@x.com"
    assert search_text("", "", []) == ""


@pytest.mark.parametrize(
    ("one", "other", "may_be"),
    [
        ("Berg", "berg", True),
        ("Müller", "Muller", True),
        ("van der Berg", "Berg", True),
        ("Berg", "", True),
        ("Berg", "Klein", False),
    ],
)
def test_family_names_tell_people_apart(one: str, other: str, *, may_be: bool) -> None:
    assert may_be_namesakes(one, other) is may_be


@pytest.mark.parametrize(
    ("name", "other", "filled"),
    [
        (("", ""), ("Anna", "Berg"), ("Anna", "Berg")),
        (("Anna", ""), ("anna", "Berg"), ("Anna", "Berg")),
        (("Anna", ""), ("Peter", "Klein"), ("Anna", "")),
        (("", "Berg"), ("Peter", "Klein"), ("", "Berg")),
        (("", "Berg"), ("Anna", "Berg"), ("Anna", "Berg")),
        (("Anna", "Berg"), ("Peter", "Klein"), ("Anna", "Berg")),
    ],
)
def test_a_name_is_never_put_together_from_two_people(
    name: tuple[str, str], other: tuple[str, str], filled: tuple[str, str]
) -> None:
    assert filled_name(name, other) == filled


def test_one_mailbox_has_one_digest_and_each_channel_its_own() -> None:
    assert digest("email", "anna+news@x.com") == digest("email", "anna@x.com")
    assert digest("email", "a.nna@gmail.com") == digest("email", "anna@googlemail.com")
    assert digest("email", "anna@x.com") != digest("email", "peter@x.com")
    assert digest("call", "+4930123") != digest("sms", "+4930123")
    # Stored for ever: if this changes, every suppression made before is lost.
    assert digest("email", "anna@x.com") == "964dfea858b36dc328baa3e2ab4cf8b879bee3178b486468923fb4b01171347c"


def test_a_number_counts_for_calls_and_text_messages() -> None:
    found = on_every_channel([("phone", "+4930123"), ("email", "a@x.com"), ("social", "@a")])
    assert [channel for channel, _ in found] == ["call", "email", "sms"]


@given(st.text())
def test_folding_twice_changes_nothing_more(text: str) -> None:
    assert folded(folded(text)) == folded(text)


def test_what_is_typed_is_cleaned() -> None:
    typed = {"given_name": "  Anna\r\nBcc: x@y ", "country": "de", "zone": "Europe/Berlin", "attributes.size": 3}
    assert person_changes(typed) == {
        "given_name": "Anna Bcc: x@y",
        "country": "DE",
        "zone": "Europe/Berlin",
        "attributes.size": 3,
    }
    assert company_changes({"name": "Müller GmbH"}) == {"name": "Müller GmbH", "name_key": "muller"}


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("given_name", 3),
        ("zone", "Mars/Base"),
        ("language", "english please"),
        ("country", "Germany"),
        ("buying_role", "boss"),
        ("erased_at", None),
        ("id", 7),
        ("attributes.", "x"),
        ("attributes.Größe", "x"),
        ("attributes.list", [1]),
    ],
)
def test_what_does_not_fit_is_named(field: str, value: object) -> None:
    with pytest.raises(Invalid) as wrong:
        person_changes({field: value})
    assert wrong.value.field == field


@pytest.mark.parametrize(
    ("field", "value"), [("name", " "), ("employees", -1), ("employees", True), ("parent_id", "1")]
)
def test_so_is_what_does_not_fit_a_firm(field: str, value: object) -> None:
    with pytest.raises(Invalid) as wrong:
        company_changes({field: value})
    assert wrong.value.field == field
