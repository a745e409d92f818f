"""Moments in every writing; where two readings are possible nobody guesses."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.parse.dates import Style, possible, read, read_any

BERLIN = ZoneInfo("Europe/Berlin")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "style", "moment"),
    [
        ("15 Apr, 2021 00:03:00", Style.NAMED, utc(2021, 4, 15, 0, 3)),
        ("Apr 15, 2021 3:04 PM", Style.NAMED, utc(2021, 4, 15, 15, 4)),
        ("12:30 am", Style.NAMED, None),
        ("1. März 2024", Style.NAMED, utc(2024, 3, 1, 12)),
        ("12 de abril de 2024", Style.NAMED, utc(2024, 4, 12, 12)),
        ("1er août 2024 08:15", Style.NAMED, utc(2024, 8, 1, 8, 15)),
        ("15-Apr-21", Style.NAMED, utc(2021, 4, 15, 12)),
        ("Thu, 15 Apr 2021 10:00:00 +0200", Style.NAMED, utc(2021, 4, 15, 8)),
        ("2024-02-03T16:16:51+0000", Style.ISO, utc(2024, 2, 3, 16, 16, 51)),
        ("2020-12-22T18:15:56.000000Z", Style.ISO, utc(2020, 12, 22, 18, 15, 56)),
        ("2024-02-30", Style.ISO, None),
        ("2024-02-03 25:00", Style.ISO, None),
        ("03/04/2025", Style.DAY_FIRST, utc(2025, 4, 3, 12)),
        ("03/04/2025 5:06 PM", Style.MONTH_FIRST, utc(2025, 3, 4, 17, 6)),
        ("31/01/70", Style.DAY_FIRST, utc(1970, 1, 31, 12)),
        ("31/01/69", Style.DAY_FIRST, utc(2069, 1, 31, 12)),
        ("1630087926", Style.EPOCH, utc(2021, 8, 27, 18, 12, 6)),
        ("44562.5", Style.EXCEL_1900, utc(2022, 1, 1, 12)),
        ("43100", Style.EXCEL_1904, utc(2022, 1, 1)),
        ("nonsense", Style.ISO, None),
        ("9" * 100, Style.EPOCH, None),
    ],
)
def test_a_style_reads_its_dates(text: str, style: Style, moment: datetime | None) -> None:
    assert read(text, style, UTC) == moment


def test_a_text_without_a_zone_is_local() -> None:
    assert read("2024-07-01 10:00", Style.ISO, BERLIN) == datetime(2024, 7, 1, 8, tzinfo=UTC)
    assert read("2024-07-01 10:00 Z", Style.ISO, BERLIN) == datetime(2024, 7, 1, 10, tzinfo=UTC)
    assert read("2024-07-01T10:00-03:30", Style.ISO, BERLIN) == datetime(2024, 7, 1, 13, 30, tzinfo=UTC)


def test_a_column_is_ambiguous_until_one_day_tells() -> None:
    assert possible(["03/04/2025", "05/06/2025"]) == {Style.DAY_FIRST, Style.MONTH_FIRST}
    assert possible(["03/04/2025", "25/06/2025"]) == {Style.DAY_FIRST}
    assert possible(["03/04/2025", "06/25/2025"]) == {Style.MONTH_FIRST}
    assert possible(["3.4.2025"]) == {Style.DAY_FIRST}
    assert possible(["44562"]) == {Style.EXCEL_1900, Style.EXCEL_1904}
    assert possible(["2024-01-01", "x"]) == set()


def test_outside_a_file_only_the_unmistakable_is_read() -> None:
    assert read_any("2024-01-01T00:00:00Z", UTC) == datetime(2024, 1, 1, tzinfo=UTC)
    assert read_any("03/04/2025", UTC) is None
    assert read_any("soon", UTC) is None


@given(st.integers(631_152_000, 2_840_140_800))
def test_what_is_written_is_what_is_read(seconds: int) -> None:
    whole = datetime.fromtimestamp(seconds, UTC)
    assert read(whole.strftime("%d %b, %Y %H:%M:%S"), Style.NAMED, UTC) == whole
    assert read(whole.isoformat(), Style.ISO, UTC) == whole
    assert read(whole.strftime("%d/%m/%Y %H:%M:%S"), Style.DAY_FIRST, UTC) == whole
    assert read(whole.strftime("%m/%d/%Y %I:%M:%S %p"), Style.MONTH_FIRST, UTC) == whole


@given(st.text(max_size=80))
def test_no_text_breaks_the_reader(text: str) -> None:
    read_any(text, UTC)
    for style in Style:
        read(text, style, UTC)
