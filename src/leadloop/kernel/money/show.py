"""Showing amounts to people."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import NamedTuple

from leadloop.kernel.money.amount import Money
from leadloop.kernel.money.currencies import SIGNS, exponent

_NBSP, _THIN = "\u00a0", "\u202f"


class _Manner(NamedTuple):
    group: str
    point: str
    sign_first: bool


_MANNERS = {
    "en": _Manner(",", ".", sign_first=True),
    "de": _Manner(".", ",", sign_first=False),
    "de-AT": _Manner(_NBSP, ",", sign_first=False),
    "de-CH": _Manner("’", ".", sign_first=False),
    "es": _Manner(".", ",", sign_first=False),
    "fr": _Manner(_THIN, ",", sign_first=False),
    "it": _Manner(".", ",", sign_first=False),
    "nl": _Manner(".", ",", sign_first=True),
    "pl": _Manner(_NBSP, ",", sign_first=False),
    "pt": _Manner(".", ",", sign_first=False),
    "sv": _Manner(_NBSP, ",", sign_first=False),
}
# (unit, used from, letter): from where the next smaller unit would already be rounded up to a thousand.
_SHORT = (
    (10**9, Decimal(999_950_000), "bn"),
    (10**6, Decimal(999_950), "M"),
    (10**3, Decimal("999.5"), "k"),
)


def format(money: Money, locale: str = "en") -> str:  # noqa: A001 — read as money.format(…)
    """Return the full amount: "€1,234.50", in German "1.234,50 €"; the code where there is no sign.

    An unknown locale falls back to its language ("en-GB" → "en") and then to English.
    """
    return _signed(money, f"{abs(money.decimal):,.{exponent(money.currency)}f}", "", locale)


def format_short(money: Money, locale: str = "en") -> str:
    """Return the amount for a tile or chart: "€148.5k", "€1.2M", "€3bn"; whole units below a thousand.

    Rounded half away from zero, with at most one decimal.
    """
    size = abs(money.decimal)
    for unit, used_from, letter in _SHORT:
        if size >= used_from:
            number = f"{(size / unit).quantize(Decimal('0.1'), ROUND_HALF_UP):,}"
            return _signed(money, number.removesuffix(".0"), letter, locale)
    return _signed(money, f"{size.quantize(Decimal(1), ROUND_HALF_UP)}", "", locale)


def _signed(money: Money, number: str, unit: str, locale: str) -> str:
    """Put sign, grouping, unit and currency around a number written the English way."""
    manner = _MANNERS.get(locale) or _MANNERS.get(locale.split("-")[0]) or _MANNERS["en"]
    number = number.translate({ord(","): manner.group, ord("."): manner.point}) + unit
    minus = "-" if money.minor < 0 else ""
    sign = SIGNS.get(money.currency)
    if not manner.sign_first:
        return f"{minus}{number}{_NBSP}{sign or money.currency}"
    return f"{minus}{sign}{number}" if sign else f"{minus}{money.currency}{_NBSP}{number}"
