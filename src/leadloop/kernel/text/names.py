"""Names of people, which come in every shape and are changed as little as possible."""

from __future__ import annotations

import unicodedata

from nameparser import HumanName
from nameparser.config import CONSTANTS

from leadloop.kernel.text.guard import one_line

_LONGEST = 120


def clean_name(raw: str, limit: int = _LONGEST) -> str:
    """Return a name as one composed (NFC) line without controls or invisible characters, case untouched.

    At most ``limit`` characters; empty when nothing is left.
    """
    line = one_line(raw, limit)
    return line if line.isascii() else unicodedata.normalize("NFC", line)[:limit].rstrip()


def split_name(full: str) -> tuple[str, str]:
    """Return (given names, family name) of a full name; titles, suffixes and nicknames are left out.

    "Dr. Anna Maria van der Berg" → ("Anna Maria", "van der Berg"); "Berg, Anna" is turned round. A single
    name counts as given. Costs about 0.2 ms when the name is not just two plain words: use it only when
    no separate fields were filled in.
    """
    name = clean_name(full)
    words = name.split(" ")
    if len(words) == 2 and all(map(_is_plain, words)):
        return words[0], words[1]
    parsed = HumanName(name)
    given = " ".join(part for part in (parsed.first, parsed.middle) if part)
    if not given and not parsed.last:
        return name, ""
    return given, parsed.last


def initials(name: str) -> str:
    """Return the first letters of the first and the last word, in upper case; "?" when there is no letter."""
    letters = [first for word in name.split() if (first := _first_letter(word))]
    if not letters:
        return "?"
    return (letters[0] + letters[-1]).upper() if len(letters) > 1 else letters[0].upper()


def _first_letter(word: str) -> str:
    return next((letter for letter in word if letter.isalnum()), "")


def _is_plain(word: str) -> bool:
    """Tell whether a word is a name and nothing else to the parser: letters only, in none of its lists."""
    lower = word.lower()
    return (
        len(word) > 1
        and word.isalpha()
        and lower not in CONSTANTS.titles
        and lower not in CONSTANTS.prefixes
        and lower not in CONSTANTS.suffix_not_acronyms
        and lower not in CONSTANTS.suffix_acronyms
    )
