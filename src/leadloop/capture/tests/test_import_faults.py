"""Files as offices send them: in any encoding, of any length, under any name."""

from __future__ import annotations

import codecs
import subprocess
import sys
from collections import deque
from datetime import UTC, datetime
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]  # ships no types

from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import saved
from leadloop.capture.imports.contracts import Options
from leadloop.capture.imports.table import open_table, rows
from leadloop.capture.parse import dates

WESTERN = "Jürgen Groß,juergen{n}@gross.example,Müller & Söhne,Köln\n"
JAPANESE = "山田 太郎,taro{n}@yamada.example,株式会社ヤマダ,東京\n"
HEAD = "name,email,company,city\n"


@pytest.mark.parametrize(
    ("line", "encoding", "mark", "found", "how"),
    [
        (WESTERN, "utf-16-le", codecs.BOM_UTF16_LE, "utf-16", "mark"),
        (WESTERN, "utf-16-le", b"", "utf-16-le", "valid"),
        (WESTERN, "utf-8", codecs.BOM_UTF8, "utf-8-sig", "mark"),
        (WESTERN, "cp1252", b"", "cp1252", "guess"),
        (JAPANESE, "cp932", b"", "cp932", "guess"),
    ],
)
def test_fault_32_ten_megabytes_in_any_encoding_are_read_as_they_were_written(
    line: str, encoding: str, mark: bytes, found: str, how: str, tmp_path: Path
) -> None:
    path = tmp_path / "file.csv"
    count = 10_000_000 // len(line.format(n=1).encode(encoding))
    with path.open("wb") as file:
        file.write(mark + HEAD.encode(encoding))
        file.writelines(line.format(n=number).encode(encoding) for number in range(count))
    table = open_table(path)
    assert (table.encoding.name, table.encoding.how, table.headers) == (
        found,
        how,
        ("name", "email", "company", "city"),
    )
    (last,) = deque(rows(table), maxlen=1)
    assert last == (count + 1, line.format(n=count - 1).strip().split(","))


def test_fault_32_bytes_that_do_not_fit_are_listed_by_row_and_never_silent(
    db: None, fair: PortalRow, tmp_path: Path
) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes((HEAD + WESTERN.format(n=1) * 20).encode() + WESTERN.format(n=2).encode("cp1252"))
    reading = saved.understand(path=path, portal=fair)
    assert [(cell.row, cell.column) for cell in reading.bad_cells] == [(22, "name"), (22, "company"), (22, "city")]
    assert any("listed by row" in note for note in reading.notes)
    chosen = saved.understand(path=path, portal=fair, options=Options(encoding="cp1252"))
    assert (chosen.encoding, chosen.encoding_how) == ("cp1252", "chosen")


def test_fault_38_days_counted_by_a_spreadsheet_are_asked_once_for_their_column(
    db: None, fair: PortalRow, tmp_path: Path
) -> None:
    path = tmp_path / "serials.csv"
    path.write_text("email,created\n" + "".join(f"a{n}@b.example,{45_750 + n}\n" for n in range(30)))
    asked = saved.understand(path=path, portal=fair)
    assert [(one.option, one.column) for one in asked.questions] == [("date_style", "created")]
    assert {style for style, _ in asked.questions[0].choices} == {"excel_1900", "excel_1904"}
    for style, day in (("excel_1900", "2025-04-03"), ("excel_1904", "2029-04-04")):
        answered = saved.understand(path=path, portal=fair, options=Options(date_style=style))
        assert answered.questions == ()
        assert next(one.style for one in answered.columns if one.field == "created_at") == style
        read = dates.read("45750", dates.Style(style), UTC)
        assert read is not None
        assert f"{read:%Y-%m-%d}" == day


@pytest.mark.parametrize("since_1904", [False, True])
def test_fault_38_a_workbook_says_itself_from_when_it_counts(
    db: None, fair: PortalRow, tmp_path: Path, since_1904: bool
) -> None:
    path = tmp_path / "days.xlsx"
    with xlsxwriter.Workbook(path, {"date_1904": since_1904, "remove_timezone": True}) as book:
        sheet = book.add_worksheet()
        sheet.write_row(0, 0, ["email", "created"])
        sheet.write_string(1, 0, "ann@berg.example")
        sheet.write_datetime(
            1, 1, datetime(2025, 4, 3, 15, 30, tzinfo=UTC), book.add_format({"num_format": "dd/mm/yyyy hh:mm"})
        )
    reading = saved.understand(path=path, portal=fair)
    assert reading.questions == ()
    (created,) = (one for one in reading.columns if one.field == "created_at")
    assert (created.style, created.samples) == ("iso", ("2025-04-03 15:30:00",))


# A process of its own, since what others have taken is never given back: only what this adds to a bare start counts.
MEASURED = """
import os, sys
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "leadloop.settings")
import django
django.setup()
import leadloop.capture.imports.table as tables
from pathlib import Path
from leadloop.capture.imports.scan import scan
table = tables.open_table(Path(sys.argv[1]))
found = scan(tables.rows(table, mended=False), table.headers, dates=set(), unique={0}, mixed=False)
# What getrusage says begins with the size of whoever started this process.
peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM:"))
print(found.rows, peak.split()[1])
"""


def test_fault_28_twenty_megabytes_are_looked_at_in_a_small_box(tmp_path: Path) -> None:
    """Streamed from disk. A hundred megabytes were measured with the same script: see docs/imports.md."""
    path = tmp_path / "long.csv"
    with path.open("w") as file:
        file.write("id,name,email,note\n")
        file.writelines(f"{n},Ann Berg{n},ann{n}@berg.example,{'x' * 150}\n" for n in range(100_000))
    assert path.stat().st_size > 18_000_000
    done = subprocess.run([sys.executable, "-c", MEASURED, str(path)], capture_output=True, text=True, check=True)
    count, kilobytes = map(int, done.stdout.split())
    assert count == 100_000
    assert kilobytes < 300_000
