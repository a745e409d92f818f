"""Telephone numbers in E.164: one form whatever way they were typed."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import NumberParseException, PhoneMetadata, PhoneNumberDesc, PhoneNumberFormat

_LONGEST = 60
_NEVER = r"\Zx"
_PUNCTUATION = str.maketrans("", "", " ()-./\u00a0")
# The kinds of number that make one valid, in the order in which typical ones are met.
_KINDS = (
    "fixed_line", "mobile", "toll_free", "premium_rate", "shared_cost", "personal_number", "voip", "pager",
    "uan", "voicemail",
)  # fmt: skip
_Matches = Callable[[str], re.Match[str] | None]


class _Plan(NamedTuple):
    """What it takes to read most numbers of one country without the library: patterns by number of digits."""

    prefix: str
    abroad: _Matches
    trunk: _Matches
    kinds: dict[int, tuple[_Matches, ...]]


def phone(raw: str, country: str | None) -> str | None:
    """Return the number in E.164 ("+493012345678"), None when it can't be a number anyone has.

    ``country`` (ISO 3166, two upper-case letters) tells how to read a number without country code; with None
    only international numbers are read. An extension is dropped. Valid means allotted by the numbering plan,
    not that somebody answers.
    """
    plan = _plan(country) if country else None
    if plan:
        digits = raw.translate(_PUNCTUATION)
        if digits.startswith(plan.prefix):
            digits = digits[len(plan.prefix) :]
        elif plan.abroad(digits):
            return _thorough(raw, country)
        elif lead := plan.trunk(digits):
            digits = digits[lead.end() :]
        if digits.isascii() and digits.isdigit():
            for matches in plan.kinds.get(len(digits), ()):
                if matches(digits):
                    return plan.prefix + digits
    return _thorough(raw, country)


def phone_country(e164: str) -> str | None:
    """Return the country of an E.164 number, None for one that belongs to none (satellite, free-phone)."""
    number = _parsed(e164, None)
    region = phonenumbers.region_code_for_number(number) if number else None
    return region if region and region.isalpha() else None


def phone_display(e164: str) -> str:
    """Return an E.164 number grouped for reading ("+49 30 12345678"), other text unchanged."""
    number = _parsed(e164, None)
    return phonenumbers.format_number(number, PhoneNumberFormat.INTERNATIONAL) if number else e164


def _thorough(raw: str, country: str | None) -> str | None:
    """Do the same by the library, for any number."""
    number = _parsed(raw, country)
    if number is None or not phonenumbers.is_valid_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _parsed(raw: str, country: str | None) -> phonenumbers.PhoneNumber | None:
    if len(raw) > _LONGEST:
        return None
    try:
        return phonenumbers.parse(raw, country)
    except NumberParseException:
        return None


@lru_cache(maxsize=512)
def _plan(country: str) -> _Plan | None:
    """Return the plan of a country; None where reading takes more than a code and a trunk prefix."""
    known = PhoneMetadata.metadata_for_region(country)
    if known is None or known.national_prefix_transform_rule:
        return None
    abroad = re.compile(known.international_prefix or _NEVER).match
    trunk = re.compile(known.national_prefix_for_parsing or _NEVER).match
    kinds = [kind for name in _KINDS if (kind := getattr(known, name)) and kind.national_number_pattern]
    lengths = known.general_desc.possible_length if known.general_desc else ()
    by_length = {length: _of_length(length, kinds) for length in lengths}
    return _Plan(f"+{known.country_code}", abroad, trunk, by_length)


def _of_length(length: int, kinds: list[PhoneNumberDesc]) -> tuple[_Matches, ...]:
    """Return the patterns of those kinds of number that may have so many digits."""
    fitting = (kind for kind in kinds if not kind.possible_length or length in kind.possible_length)
    return tuple(re.compile(kind.national_number_pattern or "").fullmatch for kind in fitting)
