"""Guards: header injection, formulas in exported cells, disguised text."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.text import csv_safe, has_lookalikes, looks_like_header_injection, one_line


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("Anna\r\nBcc: x@example.com", "Anna Bcc: x@example.com"),
        ("a\x0bb\x0cc\x85d\u2028e\u2029f", "a b c d e f"),
        ("a\u200b\u202e\u2066\ufeffb", "ab"),
        ("  a \t b  ", "a b"),
        ("plain", "plain"),
        ("", ""),
    ],
)
def test_one_line_is_one_line(text, line):
    assert one_line(text) == line


@given(st.text(), st.integers(0, 50))
def test_one_line_has_no_line_end_and_keeps_its_limit(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert line.splitlines() in ([], [line])
    assert one_line(line, limit) == line
    assert not looks_like_header_injection(line) or "%0" in line.lower()


@pytest.mark.parametrize(
    "text",
    [
        "Anna\r\nBcc: x@example.com",
        "Anna\nBcc:x@example.com",
        "Anna\rCONTENT-TYPE : text/html",
        "Anna\r\n\r\nSubject: x",
        "Anna%0d%0aBcc: x@example.com",
        "Anna%0ABcc: x",
        "Anna\u2028Bcc: x",
        "Anna\x85Bcc: x",
        "https://example.com/?q=%0D%0ASet-Cookie:%20a=b",
    ],
)
def test_headers_on_a_further_line_are_seen(text):
    assert looks_like_header_injection(text)


@pytest.mark.parametrize(
    "text", ["Anna Berg", "Anna\n", "Re: your offer", "a\nb", "10:30", "https://example.com/a%20b", ""]
)
def test_plain_text_is_not_taken_for_a_header(text):
    assert not looks_like_header_injection(text)


@pytest.mark.parametrize(
    ("cell", "safe"),
    [
        ('=HYPERLINK("http://x")', '\'=HYPERLINK("http://x")'),
        ("+cmd|' /C calc'!A0", "'+cmd|' /C calc'!A0"),
        ("-2+3+cmd", "'-2+3+cmd"),
        ("@SUM(A1)", "'@SUM(A1)"),
        ("\t=1", "'\t=1"),
        ("\tplain", "'\tplain"),
        ("\r=1", "'\r'=1"),
        ("\rplain", "'\rplain"),
        ("  =1+1", "'  =1+1"),
        ("\u00a0=1+1", "'\u00a0=1+1"),
        ("\ufeff=1+1", "'\ufeff=1+1"),
        ("＝1+1", "'＝1+1"),
        ("first\n=second", "first\n'=second"),
        ("first\r\n @second\nthird", "first\r\n' @second\nthird"),
        ("first\r-second", "first\r'-second"),
        ("-", "'-"),
        ("+49 30 123; =1", "'+49 30 123; =1"),
        ("-12.5", "-12.5"),
        ("-1,234.56", "-1,234.56"),
        ("+7", "+7"),
        ("-12 %", "-12 %"),
        ("+49301234567", "+49301234567"),
        ("+49 (30) 123-45/67", "+49 (30) 123-45/67"),
        ("plain = text", "plain = text"),
        ("a-b", "a-b"),
        ("'=1", "'=1"),
        ("", ""),
    ],
)
def test_cells_for_export(cell, safe):
    assert csv_safe(cell) == safe
    assert csv_safe(safe) == safe


@given(st.text(alphabet="=+-@\t\r\n '\u00a0aB1|.＝\u200b", max_size=12))
def test_no_line_of_a_safe_cell_is_a_formula(cell):
    safe = csv_safe(cell)
    assert csv_safe(safe) == safe
    assert safe.replace("'", "") == cell.replace("'", "")
    for line in re.split(r"[\r\n]", safe):
        bare = line.lstrip(" \u00a0\u200b")
        assert not line.startswith("\t")
        assert not bare.startswith(("=", "@", "＝"))
        assert not bare.startswith(("+", "-")) or not re.search(r"[a-zA-Z|=@＝]", bare)


@pytest.mark.parametrize(
    ("text", "posing"),
    [
        ("paypal", False),
        ("pаypal", True),  # the second letter is Cyrillic
        ("Αpple", True),  # a Greek capital
        ("pay\u200bpal", True),
        ("invoice\u202egnp.exe", True),
        ("Müller", False),
        ("Ромашка GmbH", False),
        ("東京 Tower", False),
        ("Ωmega", True),
        ("Ω-Bank", False),
        ("", False),
    ],
)
def test_text_that_poses_as_other_text(text, posing):
    assert has_lookalikes(text) == posing
