"""Working calendars out of their rows: opening hours, and the public holidays of a country."""

from __future__ import annotations

from datetime import date, time
from functools import lru_cache
from typing import Any

import holidays
import orjson

from leadloop.kernel.clock import WorkCalendar
from leadloop.kernel.errors import Invalid

_BACK, _AHEAD = 3, 6  # years around the present for which holidays are known; beyond them every weekday counts
_EXAMPLE = 'Give seven lists, Monday first, such as [["09:00", "17:30"]]; an empty list is a day off'

Pairs = tuple[tuple[tuple[str, str], ...], ...]


@lru_cache(maxsize=512)
def calendar_of(
    zone: str, week: str, country: str, subdivision: str, extra_holidays: tuple[date, ...], year: int
) -> WorkCalendar:
    """Return the calendar of a row, with the holidays of the years around `year`; equal rows share one object.

    `week` is JSON text. Raises Invalid naming the field for a zone, week, country or subdivision that nobody knows.
    """
    hours = tuple(tuple((_clock(opens), _clock(closes)) for opens, closes in day) for day in week_pairs(week))
    closed = public_holidays(country, subdivision, year - _BACK, year + _AHEAD) | frozenset(extra_holidays)
    return WorkCalendar(zone, hours, closed)


@lru_cache(maxsize=128)
def public_holidays(country: str, subdivision: str, first: int, last: int) -> frozenset[date]:
    """Return the public holidays from year `first` to year `last`, both in it; none without a country.

    `country` is an ISO code such as "DE", `subdivision` its part such as "BE". Raises Invalid for unknown ones.
    """
    if not country:
        return frozenset()
    try:
        found = holidays.country_holidays(country, subdiv=subdivision or None, years=range(first, last + 1))
    except NotImplementedError:
        known = country in holidays.list_supported_countries(include_aliases=True)
        field = "subdivision" if known else "country"
        raise Invalid(
            f"The holidays of {subdivision if known else country!r} are not known",
            field=field,
            mend="Give a code such as DE, and for a part of the country one such as BE",
        ) from None
    return frozenset(found)


def week_pairs(week: Any) -> Pairs:
    """Return a week, as lists or as JSON text, in tuples; raise Invalid when it is not seven lists of times."""
    try:
        days = orjson.loads(week) if isinstance(week, str) else week
        pairs = tuple(tuple((str(opens), str(closes)) for opens, closes in day) for day in days)
    except (TypeError, ValueError):
        raise Invalid("The week can't be read", field="week", mend=_EXAMPLE) from None
    if len(pairs) != 7:
        raise Invalid("A week has seven days", field="week", mend=_EXAMPLE)
    return pairs


def _clock(text: str) -> time:
    """Read "09:00"; "24:00" is the end of the day, which the calendar writes as midnight."""
    if text == "24:00":
        return time(0)
    try:
        return time.fromisoformat(text)
    except ValueError:
        raise Invalid(f"{text!r} is not a time of day", field="week", mend=_EXAMPLE) from None
