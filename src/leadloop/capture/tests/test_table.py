"""Files as headings and rows: dialects, encodings, workbooks."""

from __future__ import annotations

import csv
import io
import tarfile
import zipfile
from pathlib import Path

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.imports import sheets
from leadloop.capture.imports.dialect import sniff
from leadloop.capture.imports.encoding import detect
from leadloop.capture.imports.table import open_table, rows, safe_name
from leadloop.kernel.errors import Invalid

SPECTRUM = (
    "comma_in_quotes", "empty", "empty_crlf", "escaped_quotes", "json", "newlines", "newlines_crlf",
    "quotes_and_newlines", "simple", "simple_crlf", "utf8",
)  # fmt: skip


def write(folder: Path, text: str, encoding: str = "utf-8", name: str = "leads.csv") -> Path:
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def records(path: Path, **options: object) -> list[dict[str, str]]:
    table = open_table(path, **options)
    return [dict(zip(table.headers, cells, strict=False)) for _, cells in rows(table)]


@pytest.mark.parametrize("name", SPECTRUM)
def test_every_odd_csv_is_read_as_its_authors_say(name: str, data: Path, tmp_path: Path) -> None:
    with tarfile.open(data / "csv_spectrum" / "csv_spectrum.tar.xz") as archive:
        text = archive.extractfile(f"csvs/{name}.csv").read()
        wanted = orjson.loads(archive.extractfile(f"json/{name}.json").read())
    path = tmp_path / f"{name}.csv"
    path.write_bytes(text)
    if b"\r" not in text:  # kept without carriage returns in some checkouts, which the answers don't know
        wanted = orjson.loads(orjson.dumps(wanted).replace(b"\\r\\n", b"\\n"))
    assert records(path) == wanted


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_delimiters_are_found(delimiter: str, tmp_path: Path) -> None:
    lines = [["Name", "Company", "E-Mail"], ["Ann, Berg", "A; B", "a@b.example"], ["Bo", 'C "D" | E', "c@d.example"]]
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter).writerows(lines)
    found = records(write(tmp_path, out.getvalue()))
    assert [list(one.values()) for one in found] == lines[1:]


@given(
    st.sampled_from([",", ";", "\t", "|"]),
    st.lists(st.lists(st.text(st.characters(codec="utf-8", exclude_characters="\x00\r"), min_size=1, max_size=12),
                      min_size=4, max_size=4), min_size=3, max_size=12),
)  # fmt: skip
def test_quoted_tables_are_always_told_apart(delimiter: str, table: list[list[str]]) -> None:
    out = io.StringIO()
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(table)
    assert sniff(out.getvalue()) == delimiter


def test_the_hint_of_a_spreadsheet_is_followed(tmp_path: Path) -> None:
    found = records(write(tmp_path, "sep=;\r\nName;Note\r\nAnn;1,2,3,4\r\n"))
    assert found == [{"Name": "Ann", "Note": "1,2,3,4"}]


def test_one_column_is_a_table_too(tmp_path: Path) -> None:
    assert records(write(tmp_path, "E-Mail\na@b.example\nc@d.example\n")) == [
        {"E-Mail": "a@b.example"}, {"E-Mail": "c@d.example"},
    ]  # fmt: skip


TEXT = "Name;Stadt\nJürgen Groß;Köln\nÅsa Öberg;Malmö\nRené Lefèvre;Orléans\n"
POLISH = "Imię;Miasto\nŁukasz Wąsik;Kraków\nŻaneta Święta;Łódź\nPaweł Gęsi;Gdańsk\n"
JAPANESE = (
    "名前,会社,電子メール\n山田太郎,株式会社日立製作所,taro@example.jp\n鈴木花子,東京電力株式会社,hanako@example.jp\n"
) * 20


@pytest.mark.parametrize(
    ("text", "encoding", "found", "how"),
    [
        (TEXT, "utf-8", "utf-8", "valid"),
        (TEXT, "utf-8-sig", "utf-8-sig", "mark"),
        (TEXT, "utf-16", "utf-16", "mark"),
        (TEXT, "utf-16-le", "utf-16-le", "valid"),
        (TEXT, "utf-16-be", "utf-16-be", "valid"),
        (TEXT, "cp1252", "cp1252", "guess"),
        (POLISH, "cp1250", "cp1250", "guess"),
        (TEXT, "mac_roman", "mac_roman", "guess"),
        (JAPANESE, "shift_jis", "cp932", "guess"),
    ],
)
def test_encodings_are_found(text: str, encoding: str, found: str, how: str, tmp_path: Path) -> None:
    path = write(tmp_path, text, encoding)
    detected = detect(path)
    assert (detected.name, detected.how, detected.mixed) == (found, how, False)
    first = text.splitlines()[1].replace(";", ",").split(",")
    assert list(records(path)[0].values()) == first


def test_stray_bytes_are_mended_and_can_be_found(tmp_path: Path) -> None:
    path = tmp_path / "mixed.csv"
    path.write_bytes(b"Name,City\n" + "Jürgen,Köln\n".encode() * 20 + "Jörg,Lübeck\n".encode("cp1252"))
    table = open_table(path)
    assert (table.encoding.name, table.encoding.mixed) == ("utf-8", True)
    assert [cells for _, cells in rows(table)][-1] == ["Jörg", "Lübeck"]


def test_an_encoding_can_be_chosen(tmp_path: Path) -> None:
    path = write(tmp_path, "Name\nПётр\n", "cp1251")
    assert records(path, encoding="cp1251") == [{"Name": "Пётр"}]
    assert "\ufffd" in records(path, encoding="ascii")[0]["Name"] or records(path, encoding="ascii")[0]["Name"]
    with pytest.raises(Invalid):
        open_table(path, encoding="klingon")


def test_a_file_without_headings_gets_numbers(tmp_path: Path) -> None:
    path = write(tmp_path, "Ann,a@b.example\nBo,c@d.example\n")
    assert records(path) == [
        {"Column 1": "Ann", "Column 2": "a@b.example"}, {"Column 1": "Bo", "Column 2": "c@d.example"},
    ]  # fmt: skip
    assert records(path, has_header=True) == [{"Ann": "Bo", "a@b.example": "c@d.example"}]


def test_headings_are_told_apart_and_blank_rows_left_out(tmp_path: Path) -> None:
    path = write(tmp_path, "Name,Name,,Na\u202eme\n\n , ,\nA,B,C,D\n\n")
    table = open_table(path)
    assert table.headers == ("Name", "Name (2)", "Column 3", "Name (3)")
    assert list(rows(table)) == [(4, ["A", "B", "C", "D"])]


@pytest.mark.parametrize("content", [b"", b"\n\n , \n", b"\xef\xbb\xbf"])
def test_an_empty_file_is_refused(content: bytes, tmp_path: Path) -> None:
    path = tmp_path / "empty.csv"
    path.write_bytes(content)
    with pytest.raises(Invalid, match="empty"):
        open_table(path)


def test_a_quotation_mark_that_never_closes_is_reported_by_line(tmp_path: Path) -> None:
    path = write(tmp_path, 'Name,Note\nAnn,"oops\n' + "x" * 80 + "\n" * 3 + ("y" * 99 + "\n") * 12_000)
    with pytest.raises(Invalid, match="line"):
        list(rows(open_table(path, delimiter=",")))


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ('"><img onerror=x>.csv', '"><img onerror=x>.csv'),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\ann\\leads.csv", "leads.csv"),
        ("leads\u202evsc.exe", "leadsvsc.exe"),
        ("x" * 300, "x" * 120),
        ("a\r\nb.csv", "a b.csv"),
        ("/", "unnamed file"),
    ],
)
def test_file_names_are_only_ever_shown(name: str, shown: str) -> None:
    assert safe_name(name) == shown


def test_a_workbook_is_read_whatever_it_is_called(data: Path, tmp_path: Path) -> None:
    path = tmp_path / "dictionary.csv"
    path.write_bytes((data / "x_education" / "Leads Data Dictionary.xlsx").read_bytes())
    table = open_table(path)
    assert (table.sheet, table.delimiter, table.headers[:2]) == ("Sheet1", "", ("Variables", "Description"))
    assert ["Prospect ID", "A unique ID with which the customer is identified."] in [c[:2] for _, c in rows(table)]


def test_a_sheet_must_exist_and_a_broken_workbook_is_refused(data: Path, tmp_path: Path) -> None:
    path = data / "x_education" / "Leads Data Dictionary.xlsx"
    assert sheets.sheet_names(path) == ["Sheet1"]
    with pytest.raises(Invalid, match="no sheet"):
        open_table(path, sheet="Leads")
    broken = tmp_path / "broken.xlsx"
    broken.write_bytes(path.read_bytes()[:3000])
    with pytest.raises(Invalid):
        open_table(broken)


def test_a_workbook_that_would_fill_the_memory_is_not_opened(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 40_000_000)
    with pytest.raises(Invalid, match="too big"):
        open_table(path)
    crowd = tmp_path / "crowd.xlsx"
    with zipfile.ZipFile(crowd, "w") as archive:
        for number in range(2_001):
            archive.writestr(f"{number}", b"")
    with pytest.raises(Invalid, match="too big"):
        open_table(crowd)
