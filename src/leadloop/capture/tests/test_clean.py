"""Values from outside: blanks, lines, headers smuggled in."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.parse.clean import is_blank, line, lines
from leadloop.capture.parse.places import country_code, language_code, zone_name
from leadloop.capture.parse.words import is_no, is_yes


@pytest.mark.parametrize("text", ["", "-", "Select", "select", "n/a", "N/A", "NULL", "-None-", "Please select", "#N/A"])
def test_fillers_say_nothing(text: str) -> None:
    assert is_blank(text)


@pytest.mark.parametrize("text", ["0", "no", "Selection", "Na", "Unknown", "x"])
def test_answers_are_no_fillers(text: str) -> None:
    assert not is_blank(text)


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        ("Ann\r\nBcc: x@y.example", "Ann"),
        ("Ann%0aBcc:x@y.example", "Ann"),
        ("Ann\nBerg", "Ann Berg"),
        ("Mu\u0308ller", "Mu\u0308ller"),
        ("a\u202egpj.exe", "agpj.exe"),
        ("a\u034fb", "ab"),
        ("  two  blanks ", "two blanks"),
        ("\x00\x07bell", "bell"),
        ("50%0 off", "50%0 off"),
    ],
)
def test_one_line_stays_one_visible_line(text: str, kept: str) -> None:
    assert line(text) == kept


@given(st.text(max_size=400))
def test_no_line_end_and_no_control_survives(text: str) -> None:
    cleaned = line(text)
    assert len(cleaned) <= 200
    assert not any(ord(c) < 32 or 0x7F <= ord(c) < 0xA0 or c in "\u2028\u2029" for c in cleaned)
    assert line(cleaned) == cleaned or "%0" in text


@given(st.text(max_size=400))
def test_messages_keep_their_lines_and_nothing_else_that_controls(text: str) -> None:
    cleaned = lines(text)
    assert not any(c in cleaned for c in "\r\x00\x1b\x0b")


def test_a_message_keeps_its_paragraphs() -> None:
    assert lines(" Hello,\r\n\r\nwe need pumps.\x00\r") == "Hello,\n\nwe need pumps."


@pytest.mark.parametrize(
    ("text", "code"),
    [
        *[("de", "DE"), ("Germany", "DE"), ("Deutschland", "DE"), ("Allemagne", "DE"), ("Österreich", "AT")],
        *[("U.S.A.", "US"), ("United Kingdom", "GB"), ("España", "ES"), ("Atlantis", ""), ("", "")],
    ],
)
def test_countries_in_many_spellings(text: str, code: str) -> None:
    assert country_code(text) == code


def test_yes_and_no_in_our_languages() -> None:
    assert all(map(is_yes, ["Yes", "TRUE", "1", "ja", "Oui", "sí", "on", " x "]))
    assert all(map(is_no, ["No", "false", "0", "nein", "NON"]))
    assert not any(is_yes(text) or is_no(text) for text in ["", "maybe", "2"])


def test_languages_and_zones_in_their_common_form() -> None:
    assert [language_code(text) for text in ("de", "de-AT", "en_US.UTF-8", "Französisch", "Klingon", "")] == [
        "de",
        "de",
        "en",
        "fr",
        "",
        "",
    ]
    zones = [zone_name(text) for text in ("Europe/Berlin", "CEST or so", "../etc/passwd", "")]
    assert zones == ["Europe/Berlin", "", "", ""]
