"""What a column holds, judged by its cells alone."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable

from leadloop.capture.parse.dates import Style, possible
from leadloop.capture.parse.words import is_no, is_yes
from leadloop.kernel.text import email, phone

Test = Callable[[str], bool]
MOSTLY = 0.7
_PHONE = re.compile(r"\+?[\d\s().\-/]{6,24}(?:\s*(?:x|ext\.?)\s*\d+)?\Z")
_URL = re.compile(r"(?:https?://)?(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,24}(?:[:/?#]\S*)?\Z", re.IGNORECASE)
_NUMBER = re.compile(r"[-+]?[\d.,\s]+%?\Z")
_SALUTATIONS = frozenset({"mr", "mrs", "ms", "miss", "dr", "prof", "herr", "frau", "m", "mme", "mlle", "sr", "sra"})
# Countries whose numbers are tried for columns without country codes, after the company's own.
HOMES = ("US", "GB", "DE", "FR", "ES", "IT", "NL", "AT", "CH", "BE", "PL", "AU", "IN", "BR", "MX", "JP")
_SURE, _CLEARLY = 0.97, 0.05


def kind_of(texts: Collection[str]) -> str:
    """Return what most of the (non-blank) texts are: email, url, date, phone, boolean, number, text; "" for none."""
    if not texts:
        return ""
    for kind, test in _TESTS:
        if _share(texts, test) >= MOSTLY:
            return kind
    return "text"


def looks_like_data(cells: Iterable[str]) -> bool:
    """Tell whether a first row is data rather than headings: it names an address, a number or a date."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return any(_is_email(one) or _is_date(one) or _is_long_number(one) for one in said)


def are_salutations(texts: Collection[str]) -> bool:
    """Tell whether a column called title holds forms of address, not positions."""
    return bool(texts) and _share(texts, lambda text: text.strip(". ").casefold() in _SALUTATIONS) >= MOSTLY


def home_of(numbers: Collection[str], own: str) -> tuple[str, float]:
    """Return the country whose numbers these are and the share that are possible there.

    Only numbers without a country code tell. The company's own country unless another fits clearly better; with no
    telling numbers the own country and 1.
    """
    local = [number for number in numbers if not number.lstrip().startswith(("+", "00"))]
    if not local:
        return own, 1.0
    shares = {own: _share(local, _numbers_of(own))}
    if shares[own] < _SURE:
        for country in HOMES:
            shares.setdefault(country, _share(local, _numbers_of(country)))
    best = max(shares, key=lambda country: (shares[country], country == own))
    if shares[best] < _SURE or shares[best] < shares[own] + _CLEARLY:
        best = own
    return best, shares[best]


def _share(texts: Collection[str], test: Test) -> float:
    return sum(map(test, texts)) / len(texts)


def _numbers_of(country: str) -> Test:
    return lambda number: phone(number, country or None) is not None


def _is_email(text: str) -> bool:
    return "@" in text and email(text) is not None


def _is_date(text: str) -> bool:
    return bool(possible([text]) - {Style.EPOCH, Style.EXCEL_1900, Style.EXCEL_1904})


def _is_phone(text: str) -> bool:
    return bool(_PHONE.match(text)) and sum(map(str.isdigit, text)) >= 6 and not _is_plain_number(text)


def _is_plain_number(text: str) -> bool:
    return text.isdigit() and len(text) < 9


def _is_long_number(text: str) -> bool:
    return bool(_NUMBER.match(text)) and sum(map(str.isdigit, text)) >= 3


_TESTS: tuple[tuple[str, Test], ...] = (
    ("email", _is_email),
    ("url", lambda text: bool(_URL.match(text))),
    ("date", _is_date),
    ("phone", _is_phone),
    ("boolean", lambda text: is_yes(text) or is_no(text)),
    ("number", lambda text: bool(_NUMBER.match(text)) and any(map(str.isdigit, text))),
)
