"""Names of people."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nameparser import HumanName
from nameparser.config import CONSTANTS

from leadloop.kernel.text import clean_name, initials, split_name


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("  Anna   Berg ", "Anna Berg"),
        ("Anna\r\nBcc: x@example.com", "Anna Bcc: x@example.com"),
        ("Anna\tBerg\x00", "Anna Berg"),
        ("Anna\u200b\u202eBerg", "AnnaBerg"),
        ("Ju\u0308rgen", "Jürgen"),
        ("O'Neil-Müller", "O'Neil-Müller"),
        ("李 小龍", "李 小龍"),
        ("\u3000李\u3000小龍", "李 小龍"),
        ("", ""),
        ("\u200b\n", ""),
        ("x" * 500, "x" * 120),
    ],
)
def test_names_are_cleaned_and_left_alone_otherwise(raw, clean):
    assert clean_name(raw) == clean


@given(st.text())
def test_a_clean_name_is_one_composed_line_and_stays_so(raw):
    clean = clean_name(raw)
    assert clean_name(clean) == clean
    assert len(clean) <= 120
    assert not {unicodedata.category(c) for c in clean} & {"Cc", "Zl", "Zp"}


@pytest.mark.parametrize(
    ("full", "parts"),
    [
        ("Anna Berg", ("Anna", "Berg")),
        ("Dr. Anna Maria van der Berg", ("Anna Maria", "van der Berg")),
        ("Berg, Anna", ("Anna", "Berg")),
        ("John Smith Jr.", ("John", "Smith")),
        ("Dr Berg", ("", "Berg")),
        ("Anna", ("Anna", "")),
        ("Jean-Luc O'Neil", ("Jean-Luc", "O'Neil")),
        ("", ("", "")),
        ("  \n ", ("", "")),
    ],
)
def test_full_names_are_split(full, parts):
    assert split_name(full) == parts


def by_the_parser(full):
    parsed = HumanName(full)
    return " ".join(part for part in (parsed.first, parsed.middle) if part), parsed.last


@pytest.mark.parametrize(
    "words",
    [
        CONSTANTS.titles,
        CONSTANTS.prefixes,
        CONSTANTS.bound_first_names,
        CONSTANTS.suffix_acronyms,
        CONSTANTS.suffix_not_acronyms,
        CONSTANTS.conjunctions,
        ("berg", "königin", "李", "o"),
    ],
)
def test_two_words_are_split_as_the_parser_would_with_or_without_its_help(words):
    for word in sorted(words):
        for full in (f"{word} Anna", f"Anna {word}", f"{word.title()} Anna", f"Anna {word.upper()}"):
            expected = by_the_parser(full)
            assert split_name(full) == (expected if any(expected) else (full, ""))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Anna Berg", "AB"),
        ("anna maria van der berg", "AB"),
        ("Anna", "A"),
        ("(Anna) 'Berg'", "AB"),
        ("李 小龍", "李小"),
        ("émile zola", "ÉZ"),
        ("", "?"),
        ("— —", "?"),
    ],
)
def test_initials(name, letters):
    assert initials(name) == letters
