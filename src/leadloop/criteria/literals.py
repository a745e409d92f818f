"""Reading the value of a condition as what its type asks for."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from leadloop.criteria.contracts import Scalar, Type
from leadloop.kernel.errors import Invalid

MOST_VALUES = 500
LONGEST_TEXT = 500
MOST_DAYS = 36_500
_LARGEST = Decimal(10) ** 18
_FINEST = -20  # decimals
_DATE = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)
_DAYS = ("within_days", "older_than_days", "within_next_days")
_SEVERAL = ("in", "has_any")


def read_value(type_: Type, op: str, given: Any, path: str) -> Scalar | tuple[Scalar, ...]:
    """Return the typed value that `op` asks of a facet of this type; raise Invalid at `path` for another."""
    if op in _DAYS:
        return _days(given, path)
    read = _READERS[type_]
    if op in _SEVERAL:
        _must_be_list(given, path)
        return tuple(read(one, f"{path}[{place}]") for place, one in enumerate(given))
    if op == "between":
        return _between(given, read, path)
    single: Scalar = read(given, path)
    return single


def _text(given: Any, path: str) -> str:
    if not isinstance(given, str) or not given:
        raise _wrong(path, "A text is expected", "Give a text; to find empty ones, ask whether it is empty")
    if len(given) > LONGEST_TEXT:
        raise _wrong(path, "The text is too long", f"Use at most {LONGEST_TEXT} characters")
    if "\0" in given or any("\ud800" <= letter <= "\udfff" for letter in given):
        raise _wrong(path, "The text holds characters that no text can have", "Type it anew")
    return given


def _number(given: Any, path: str) -> int | Decimal:
    if not isinstance(given, int | float | Decimal) or isinstance(given, bool):
        raise _wrong(path, "A number is expected", "Give a number, such as 40 or 2.5")
    if isinstance(given, int):
        found = Decimal(given) if abs(given) <= 10**18 else Decimal("nan")
    else:
        found = Decimal(str(given))
    if not found.is_finite() or abs(found) > _LARGEST or int(found.as_tuple().exponent) < _FINEST:
        raise _wrong(path, "The number is out of reach", "Give one between -10^18 and 10^18")
    return int(found) if found == found.to_integral_value() else found


def _whole(given: Any, path: str) -> int:
    found = _number(given, path)
    if not isinstance(found, int):
        raise _wrong(path, "A whole number is expected", "Leave the decimals out")
    return found


def _boolean(given: Any, path: str) -> bool:
    if not isinstance(given, bool):
        raise _wrong(path, "Yes or no is expected", "Give true or false")
    return given


def _date(given: Any, path: str) -> date:
    try:
        if isinstance(given, str) and _DATE.fullmatch(given):
            return date.fromisoformat(given)
    except ValueError:
        pass
    raise _wrong(path, "A date is expected", "Write it like 2026-03-31")


def _moment(given: Any, path: str) -> date | datetime:
    """A moment with its zone, or a whole day, which is one in UTC."""
    if isinstance(given, str) and _DATE.fullmatch(given):
        return _date(given, path)
    try:
        found = datetime.fromisoformat(given)
        if found.utcoffset() is not None:
            return found.astimezone(UTC)
    except (TypeError, ValueError, OverflowError):
        pass
    raise _wrong(path, "A moment is expected", "Write it like 2026-03-31 or 2026-03-31T14:00+02:00")


def _days(given: Any, path: str) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or not 0 <= given <= MOST_DAYS:
        raise _wrong(path, "A number of days is expected", f"Give 0 to {MOST_DAYS}")
    return int(given)


def _between(given: Any, read: Callable[[Any, str], Any], path: str) -> tuple[Scalar, Scalar]:
    if not isinstance(given, list) or len(given) != 2:
        raise _wrong(path, "Two values are expected", "Give the lowest and the highest, such as [10, 50]")
    low, high = read(given[0], f"{path}[0]"), read(given[1], f"{path}[1]")
    if low > high:
        raise _wrong(path, "The first value is above the second", "Give the lowest first")
    return low, high


def _must_be_list(given: Any, path: str) -> None:
    if not isinstance(given, list) or not given:
        raise _wrong(path, "A list of values is expected", "Give at least one between [ and ]")
    if len(given) > MOST_VALUES:
        raise _wrong(path, "There are too many values", f"Use at most {MOST_VALUES}")


def _wrong(path: str, problem: str, mend: str) -> Invalid:
    return Invalid(problem, field=path, mend=mend)


_READERS: dict[Type, Callable[[Any, str], Any]] = {
    "text": _text,
    "choice": _text,
    "list": _text,
    "number": _number,
    "money": _whole,
    "id": _whole,
    "boolean": _boolean,
    "date": _date,
    "datetime": _moment,
}
