"""Moments as people and programs write them: one style per column, and asking where two readings are possible."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache

from leadloop.kernel.text.fold import without_accents


class Style(StrEnum):
    """How a column writes its dates."""

    ISO = "iso"  # 2025-04-03, with or without a time
    NAMED = "named"  # 3 Apr 2025, April 3rd 2025
    DAY_FIRST = "day_first"  # 03/04/2025 is 3 April
    MONTH_FIRST = "month_first"  # 03/04/2025 is March 4
    EPOCH = "epoch"  # seconds or milliseconds since 1970
    EXCEL_1900 = "excel_1900"  # days, as most spreadsheets count them
    EXCEL_1904 = "excel_1904"  # days, as old Macintosh spreadsheets count them


EXAMPLES = {
    Style.ISO: "2025-04-03",
    Style.NAMED: "3 Apr 2025",
    Style.DAY_FIRST: "day first: 03/04/2025 is 3 April",
    Style.MONTH_FIRST: "month first: 03/04/2025 is 4 March",
    Style.EPOCH: "seconds since 1970",
    Style.EXCEL_1900: "spreadsheet days counted from 1900",
    Style.EXCEL_1904: "spreadsheet days counted from 1904",
}

_TIME = r"(?:[T,]?\s*(\d{1,2})[:.h](\d{2})(?:[:.](\d{2}))?(?:[.,]\d{1,9})?\s*([ap]\.?m\.?)?)?"
_ZONE = r"\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?"
_ISO = re.compile(rf"(\d{{4}})[-/.](\d{{1,2}})[-/.](\d{{1,2}}){_TIME}{_ZONE}\Z", re.IGNORECASE | re.ASCII)
_NUMBERS = re.compile(rf"(\d{{1,2}})([-/.])(\d{{1,2}})\2(\d{{4}}|\d{{2}}){_TIME}{_ZONE}\Z", re.IGNORECASE | re.ASCII)
_WORD = r"([a-z]{3,12})\.?"
_DAY = r"(\d{1,2})(?:st|nd|rd|th|er|\.)?"
_WEEKDAY = r"(?:[a-z]{2,10}\.?,?\s+)?"
_DAY_MONTH = re.compile(
    rf"{_WEEKDAY}{_DAY}[\s-]*(?:de\s+)?{_WORD},?[\s-]*(?:de\s+)?(\d{{4}}|\d{{2}}){_TIME}{_ZONE}\Z",
    re.IGNORECASE | re.ASCII,
)
_MONTH_DAY = re.compile(rf"{_WEEKDAY}{_WORD}\s*{_DAY},?\s+(\d{{4}}){_TIME}{_ZONE}\Z", re.IGNORECASE | re.ASCII)
_EPOCH = re.compile(r"\d{10}(?:\d{3})?(?:\.\d+)?\Z", re.ASCII)
_SERIAL = re.compile(r"[1-7]\d{4}(?:[.,]\d+)?\Z", re.ASCII)
_LONGEST = 60
_MONTH_WORDS = """
    jan january januar janner janvier janv enero ene
    | feb february februar feber fevrier fevr febrero
    | mar march marz maerz mrz mars marzo
    | apr april avril avr abril abr
    | may mai mayo
    | jun june juni juin junio
    | jul july juli juillet juil julio
    | aug august aout agosto ago
    | sep sept september septembre septiembre setiembre
    | oct okt october oktober octobre octubre
    | nov november novembre noviembre
    | dec dez december dezember decembre diciembre dic
"""
_MONTHS = {name: number for number, names in enumerate(_MONTH_WORDS.split("|"), start=1) for name in names.split()}


def possible(texts: Iterable[str]) -> set[Style]:
    """Return every style in which all of the (non-blank) texts can be read; empty when there is none."""
    left = set(Style)
    for text in texts:
        left &= styles_of(text)
        if not left:
            break
    return left


@lru_cache(maxsize=16384)
def styles_of(text: str) -> frozenset[Style]:
    """Return every style in which one text can be read."""
    if len(text) > _LONGEST:
        return frozenset()
    if found := _NUMBERS.match(text):
        first, mark, second = int(found[1]), found[2], int(found[3])
        styles = set()
        if first <= 31 and 1 <= second <= 12:
            styles.add(Style.DAY_FIRST)
        # With dots the day stands first wherever dots are in use.
        if mark != "." and second <= 31 and 1 <= first <= 12:
            styles.add(Style.MONTH_FIRST)
        return frozenset(styles)
    if _EPOCH.match(text):
        return frozenset({Style.EPOCH})
    if _SERIAL.match(text):
        return frozenset({Style.EXCEL_1900, Style.EXCEL_1904})
    for style in (Style.ISO, Style.NAMED):
        if _READERS[style](text, UTC):
            return frozenset({style})
    return frozenset()


@lru_cache(maxsize=16384)
def read(text: str, style: Style, zone: tzinfo) -> datetime | None:
    """Return the moment in UTC, None when the text can't be read in this style.

    A text without a zone of its own is taken to be in `zone`; without a time, to be noon there, which is the same day
    almost everywhere.
    """
    if len(text) > _LONGEST:
        return None
    try:
        return _READERS[style](text.strip(), zone)
    except (ValueError, OverflowError):
        return None


def read_any(text: str, zone: tzinfo) -> datetime | None:
    """Return the moment when the text can be read in one way only, else None."""
    styles = styles_of(text.strip())
    return read(text, next(iter(styles)), zone) if len(styles) == 1 else None


def _iso(text: str, zone: tzinfo) -> datetime | None:
    found = _ISO.match(text)
    if not found:
        return None
    return _moment(int(found[1]), int(found[2]), int(found[3]), found.groups()[3:], zone)


def _named(text: str, zone: tzinfo) -> datetime | None:
    plain = without_accents(text).casefold()
    if found := _DAY_MONTH.match(plain):
        day, word, year, *rest = found.groups()
    elif found := _MONTH_DAY.match(plain):
        word, day, year, *rest = found.groups()
    else:
        return None
    month = _MONTHS.get(word)
    return _moment(_year(year), month, int(day), tuple(rest), zone) if month else None


def _numbers(day_at: int, month_at: int) -> Callable[[str, tzinfo], datetime | None]:
    def reader(text: str, zone: tzinfo) -> datetime | None:
        found = _NUMBERS.match(text)
        if not found:
            return None
        return _moment(_year(found[4]), int(found[month_at]), int(found[day_at]), found.groups()[4:], zone)

    return reader


def _epoch(text: str, zone: tzinfo) -> datetime | None:  # noqa: ARG001 - readers share one signature
    if not _EPOCH.match(text):
        return None
    number = float(text)
    return datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, UTC)


def _serial(first_day: datetime) -> Callable[[str, tzinfo], datetime | None]:
    def reader(text: str, zone: tzinfo) -> datetime | None:
        if not _SERIAL.match(text):
            return None
        local = first_day + timedelta(days=float(text.replace(",", ".")))
        return local.replace(microsecond=0, tzinfo=zone).astimezone(UTC)

    return reader


def _moment(year: int, month: int, day: int, time: tuple[str | None, ...], zone: tzinfo) -> datetime | None:
    """Build a moment; `time` is hour, minute, second, am/pm and zone as written, None where not."""
    hour, minute, second, half, own_zone = time
    hours = 12 if hour is None else int(hour)
    if half:
        hours = hours % 12 + (12 if half[0] in "pP" else 0)
    try:
        local = datetime(year, month, day, hours, int(minute or 0), int(second or 0), tzinfo=zone)
    except ValueError:
        return None
    return local.replace(tzinfo=_own(own_zone)).astimezone(UTC) if own_zone else local.astimezone(UTC)


def _own(zone: str) -> tzinfo:
    if zone[0] not in "+-":
        return UTC
    offset = timedelta(hours=int(zone[1:3]), minutes=int(zone[-2:]))
    return timezone(-offset if zone[0] == "-" else offset)


def _year(text: str) -> int:
    """Two digits mean this century up to 69 and the last one from 70 on, as POSIX has it."""
    year = int(text)
    return year if len(text) == 4 else year + (2000 if year < 70 else 1900)


_READERS: dict[Style, Callable[[str, tzinfo], datetime | None]] = {
    Style.ISO: _iso,
    Style.NAMED: _named,
    Style.DAY_FIRST: _numbers(1, 3),
    Style.MONTH_FIRST: _numbers(3, 1),
    Style.EPOCH: _epoch,
    # Day 60 of 1900 never was; counting from 30 December makes every later day right.
    Style.EXCEL_1900: _serial(datetime(1899, 12, 30)),  # noqa: DTZ001 - a local day, its zone follows
    Style.EXCEL_1904: _serial(datetime(1904, 1, 1)),  # noqa: DTZ001 - a local day, its zone follows
}
