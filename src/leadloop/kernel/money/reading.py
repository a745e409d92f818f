"""Reading amounts as people write them, asking rather than guessing."""

from __future__ import annotations

import re

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money.currencies import TYPED_SIGNS, exponent

# style → (what groups thousands, what starts the decimals)
STYLES = {
    "1,234.56": (",", "."),
    "1.234,56": (".", ","),
    "1 234,56": (" ", ","),
    "1 234.56": (" ", "."),
    "1'234.56": ("'", "."),
    "1234.56": ("", "."),
    "1234,56": ("", ","),
}
_LONGEST = 64
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "\u2009": " ", "\t": " ", "’": "'", "\u2212": "-"})
_NUMBER = re.compile(r"[0-9](?:[0-9.,' ]*[0-9])?", re.ASCII)
_LEADING_DECIMALS = re.compile(r"[.,][0-9]+")
# Thousands in threes, or the Indian way: a last group of three after groups of two.
_GROUPED = r"[0-9]{{1,3}}(?:{0}[0-9]{{3}})+|[0-9]{{1,2}}(?:{0}[0-9]{{2}})+{0}[0-9]{{3}}"


def read_minor(text: str, currency: str, style: str) -> int:
    """Return the minor units written in ``text``; see ``Money.parse`` for the contract."""
    digits = exponent(currency)
    if style != "auto" and style not in STYLES:
        raise Invalid(f"{style!r} is not a known number style", field="style", mend=f"Use one of: {', '.join(STYLES)}")
    negative, number = _bare(text, currency)
    group, point = STYLES[style] if style != "auto" else _guess(number, digits)
    whole, _, decimals = number.partition(point) if point else (number, "", "")
    decimals = decimals.rstrip("0")
    if len(decimals) > digits:
        raise Invalid(
            f"{text.strip()!r} has more decimals than {currency} allows",
            field="amount",
            mend=f"Use at most {digits} decimals" if digits else "Use whole units",
        )
    if decimals and not decimals.isdigit():
        raise _unreadable(text)
    minor = int(_ungrouped(whole, group, text) + decimals.ljust(digits, "0"))
    return -minor if negative else minor


def _bare(text: str, currency: str) -> tuple[bool, str]:
    """Return (negative?, number without sign, currency or surrounding space)."""
    rest = text.translate(_PLAIN).strip()
    if len(rest) > _LONGEST:
        raise _unreadable(text[:_LONGEST] + "…")
    negative = rest.startswith("(") and rest.endswith(")")
    rest = rest[1:-1] if negative else rest
    rest, seen = _without_currency(rest.strip(), currency)
    if not negative and rest[:1] in ("-", "+"):
        negative, rest = rest[0] == "-", rest[1:]
    elif not negative and rest.endswith("-"):
        negative, rest = True, rest[:-1]
    if not seen:
        rest, _ = _without_currency(rest.strip(), currency)
    rest = rest.strip()
    if _LEADING_DECIMALS.fullmatch(rest):
        rest = "0" + rest
    if not _NUMBER.fullmatch(rest):
        raise _unreadable(text)
    return negative, rest


def _without_currency(text: str, currency: str) -> tuple[str, bool]:
    """Take one currency code or sign off either end; raise Invalid when it is another currency's."""
    if text[:3].upper() == currency:
        return text[3:].strip(), True
    if text[-3:].upper() == currency:
        return text[:-3].strip(), True
    for sign, meant in TYPED_SIGNS.items():
        if text.startswith(sign) or text.endswith(sign):
            if currency not in meant:
                raise Invalid(f"{text!r} is not in {currency}", field="currency", mend="Check the amount's currency")
            return text.removeprefix(sign).removesuffix(sign).strip(), True
    return text, False


def _guess(number: str, digits: int) -> tuple[str, str]:
    """Return (grouping, decimal point) of a number in an unknown style, "" where there is none."""
    marks = [c for c in number if c in ".,' "]
    if not marks:
        return "", ""
    last, kinds = marks[-1], dict.fromkeys(marks)
    if len(kinds) == 2 and last in ".,":
        return marks[0], last
    if len(kinds) > 1:
        raise _unreadable(number)
    if last in "' " or len(marks) > 1:
        return last, ""
    whole, _, decimals = number.partition(last)
    if len(decimals) != 3 or len(whole) > 3 or whole.startswith("0"):
        return "", last
    if digits == 0:
        return last, ""
    raise Invalid(
        f"{number!r} can be read in two ways",
        field="amount",
        mend=f"Write {whole + decimals} for thousands, or say which number style is meant",
    )


def _ungrouped(whole: str, group: str, text: str) -> str:
    """Return the digits of the whole part; raise Invalid when its groups are not of proper length."""
    if whole.isdigit():
        return whole
    if not group or not re.fullmatch(_GROUPED.format(re.escape(group)), whole):
        raise _unreadable(text)
    return whole.replace(group, "")


def _unreadable(text: str) -> Invalid:
    return Invalid(f"{text.strip()!r} is not an amount", field="amount", mend="Write it like 1234.56")
