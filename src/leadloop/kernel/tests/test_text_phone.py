"""Telephone numbers: one form, and the short cut gives what the library gives."""

import phonenumbers
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leadloop.kernel.text import phone, phone_country, phone_display
from leadloop.kernel.text.phone import _thorough


@pytest.mark.parametrize(
    ("raw", "country", "e164"),
    [
        ("030 1234567", "DE", "+49301234567"),
        ("(030) 123-45.67", "DE", "+49301234567"),
        ("+49 (0) 30 1234567", "DE", "+49301234567"),
        ("0049 30 1234567", "DE", "+49301234567"),
        ("+49 30 1234567", None, "+49301234567"),
        ("+49 30 1234567", "US", "+49301234567"),
        ("660-485-0224", "US", "+16604850224"),
        ("1 (660) 485-0224", "US", "+16604850224"),
        ("660-485-0224 ext. 12", "US", "+16604850224"),
        ("06 69812345", "IT", "+390669812345"),
        ("+39 06 69812345", "IT", "+390669812345"),
        ("02079460018", "GB", "+442079460018"),
        ("8 (495) 123-45-67", "RU", "+74951234567"),
        ("０３０ 1234567", "DE", "+49301234567"),
        ("0151-19 234-0000", "IL", None),  # 015 dials abroad from there
        ("18002 020 7946 0018", "GB", "+442079460018"),  # a relay prefix
        ("030 1234567", None, None),
        ("030 1234567", "ZZ", None),
        ("030 1234567", "", None),
        ("12", "DE", None),
        ("000000000", "US", None),
        ("call me", "DE", None),
        ("", "DE", None),
        ("1" * 100_000, "DE", None),
        ("030 1234567\r\nBcc: x@example.com", "US", None),
    ],
)
def test_numbers_as_people_type_them(raw, country, e164):
    assert phone(raw, country) == e164


def test_where_a_number_belongs_and_how_it_reads():
    assert phone_country("+16604850224") == "US"
    assert phone_country("+14165550123") == "CA"
    assert phone_country("+80012345678") is None
    assert phone_country("nonsense") is None
    assert phone_display("+49301234567") == "+49 30 1234567"
    assert phone_display("nonsense") == "nonsense"


regions = st.sampled_from(sorted(phonenumbers.SUPPORTED_REGIONS))
punctuation = st.text(alphabet=" ()-./", max_size=2)


@st.composite
def typed_numbers(draw):
    """Draw a region and a number that is one, or nearly one, of it or of another region."""
    region, other = draw(regions), draw(regions)
    example = phonenumbers.example_number(draw(st.sampled_from([region, other])))
    shape = draw(st.sampled_from([0, 1, 2, 3]))
    digits = list(phonenumbers.format_number(example, shape))
    if draw(st.booleans()):
        digits[draw(st.integers(0, len(digits) - 1))] = draw(st.sampled_from("0123456789"))
    if draw(st.booleans()):
        digits.insert(draw(st.integers(0, len(digits))), draw(punctuation))
    head = draw(st.sampled_from(["", "", "", "0", "00", "+", "1", str(example.country_code)]))
    return head + "".join(digits), region


@settings(max_examples=1000)
@given(st.one_of(typed_numbers(), st.tuples(st.text(alphabet="0123456789+ ()-/.", max_size=16), regions)))
def test_the_short_cut_gives_what_the_library_gives(typed):
    raw, region = typed
    assert phone(raw, region) == _thorough(raw, region)


@given(typed_numbers())
def test_a_normal_form_is_stable(typed):
    number = phone(*typed)
    if number is not None:
        assert phone(number, None) == number
        assert phone(phone_display(number), None) == number
