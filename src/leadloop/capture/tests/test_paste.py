"""A pasted text: tables, addresses, signatures and profiles, and that nothing of it is lost."""

from __future__ import annotations

import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.paste import Found, read_paste
from leadloop.capture.parse.paste.shapes import words
from leadloop.capture.parse.profiles import profile

F = Field
SIGNATURE = """
Dana Ruiz
Head of Operations
Acme Pumps GmbH
Hauptstr. 5, 10115 Berlin
Tel: +49 30 5550123 | Mobil +49 171 5550123
dana.ruiz@acme-pumps.example
https://www.linkedin.com/in/dana-ruiz-4b5a21a9?trk=people-guest
"""


def one(text: str) -> Found:
    (found,) = read_paste(text)
    return found


def test_a_signature_is_one_person_and_what_no_field_takes_is_kept() -> None:
    found = one(SIGNATURE)
    assert found.said == {
        F.FULL_NAME: "Dana Ruiz",
        F.TITLE: "Head of Operations",
        F.COMPANY: "Acme Pumps GmbH",
        F.PHONE: "+49 30 5550123",
        F.MOBILE: "+49 171 5550123",
        F.EMAIL: "dana.ruiz@acme-pumps.example",
        F.SOCIAL: "https://www.linkedin.com/in/dana-ruiz-4b5a21a9",
    }
    assert (found.rest, found.guess) == ("Hauptstr. 5, 10115 Berlin", "")


@pytest.mark.parametrize(
    ("line", "people"),
    [
        ("Dana Ruiz <dana@acme.example>", [("Dana Ruiz", "dana@acme.example")]),
        ('"Ruiz, Dana" <dana@acme.example>', [("Dana Ruiz", "dana@acme.example")]),
        ("dana@acme.example", [("", "dana@acme.example")]),
        (
            "Dana Ruiz <dana@acme.example>, Bo Lind <bo@lind.example>; kai@lind.example",
            [("Dana Ruiz", "dana@acme.example"), ("Bo Lind", "bo@lind.example"), ("", "kai@lind.example")],
        ),
    ],
)
def test_lines_of_addresses_are_a_person_per_address(line: str, people: list[tuple[str, str]]) -> None:
    found = read_paste(line)
    assert [(row.said.get(F.FULL_NAME, ""), row.said[F.EMAIL]) for row in found] == people
    assert [row.rest for row in found] == [""] * len(people)


def test_a_table_with_headings_keeps_a_column_that_nobody_knows() -> None:
    dana, bo = read_paste(
        "Name\tE-mail\tCompany\tShoe size\nDana Ruiz\tdana@acme.example\tAcme\t44\nBo Lind\tbo@lind.example\tLind\t"
    )
    assert dana.said == {F.FULL_NAME: "Dana Ruiz", F.EMAIL: "dana@acme.example", F.COMPANY: "Acme"}
    assert (dana.rest, bo.rest, bo.said[F.COMPANY]) == ("Shoe size: 44", "", "Lind")


def test_headings_hold_on_after_an_empty_line_and_cells_may_go_over_lines() -> None:
    dana, bo = read_paste('Name\tTitle\n"Dana Ruiz"\t"Head of\nOperations"\n\nBo Lind\tBuyer')
    assert dana.said[F.TITLE] == "Head of Operations"
    assert bo.said == {F.FULL_NAME: "Bo Lind", F.TITLE: "Buyer"}


def test_a_table_without_headings_goes_by_what_its_columns_hold() -> None:
    dana, bo = read_paste(
        "Dana Ruiz\tHead of Operations\tAcme Pumps GmbH\tdana@acme.example\t+49 30 5550123\tGermany\n"
        "Bo Lind\tBuyer\tLind & Co\tbo@lind.example\t+43 1 5550124\tAustria"
    )
    assert bo.said == {
        F.FULL_NAME: "Bo Lind",
        F.TITLE: "Buyer",
        F.COMPANY: "Lind & Co",
        F.EMAIL: "bo@lind.example",
        F.PHONE: "+43 1 5550124",
        F.COUNTRY: "Austria",
    }
    assert dana.said[F.COMPANY] == "Acme Pumps GmbH"


@pytest.mark.parametrize("mark", [": ", "\t"])
def test_labels_before_each_text_are_one_person(mark: str) -> None:
    found = one(f"Name{mark}Dana Ruiz\nE-Mail{mark}dana@acme.example\nFirma{mark}Acme\nFunktion{mark}Einkauf")
    assert found.said == {
        F.FULL_NAME: "Dana Ruiz",
        F.EMAIL: "dana@acme.example",
        F.COMPANY: "Acme",
        F.TITLE: "Einkauf",
    }


def test_the_text_of_a_profile_says_title_firm_and_place() -> None:
    found = one("Dana Ruiz\nHead of Operations at Acme Pumps GmbH\nBerlin, Germany\n500+ connections")
    assert found.said == {
        F.FULL_NAME: "Dana Ruiz",
        F.TITLE: "Head of Operations",
        F.COMPANY: "Acme Pumps GmbH",
        F.CITY: "Berlin",
        F.COUNTRY: "Germany",
    }
    assert found.rest == "500+ connections"


@pytest.mark.parametrize(
    ("address", "network", "handle", "name"),
    [
        ("https://www.linkedin.com/in/dana-ruiz-4b5a21a9/?trk=x", "linkedin", "dana-ruiz-4b5a21a9", "Dana Ruiz"),
        ("de.linkedin.com/in/m%C3%BCller-j%C3%BCrgen-123", "linkedin", "müller-jürgen-123", "Müller Jürgen"),
        ("https://linkedin.com/pub/dana-ruiz/4/5b/211", "linkedin", "dana-ruiz.4.5b.211", "Dana Ruiz"),
        ("https://www.xing.com/profile/Dana_Ruiz2", "xing", "dana_ruiz2", "Dana Ruiz"),
        ("https://www.linkedin.com/in/danaruiz", "linkedin", "danaruiz", ""),
        ("https://www.linkedin.com/sales/lead/ACwAAA,NAME", "linkedin", "", ""),
        ("x.com/dana_ruiz", "x", "dana_ruiz", "Dana Ruiz"),
    ],
)
def test_an_address_of_a_profile_says_network_and_handle_and_may_suggest_a_name(
    address: str, network: str, handle: str, name: str
) -> None:
    found = profile(address)
    assert found is not None
    assert (found.network, found.handle, found.name) == (network, handle, name)
    row = one(address)
    assert F.FULL_NAME not in row.said  # a guess is no word of theirs
    assert row.guess == name


def test_a_firms_page_is_nobodys_profile() -> None:
    found = profile("https://www.linkedin.com/company/acme-pumps")
    assert found is not None
    assert (found.is_firm, found.name) == (True, "")
    row = one("https://www.linkedin.com/company/acme-pumps")
    assert (row.said, row.rest) == ({}, "https://www.linkedin.com/company/acme-pumps")


@pytest.mark.parametrize("text", ["", "linkedin", "https://example.org/in/dana", "http://[bad", "https://"])
def test_other_texts_are_no_profile(text: str) -> None:
    assert profile(text) is None


PIECES = st.sampled_from(
    ["Dana Ruiz", "dana@acme.example", "<", ">", ",", ";", "\t", '"', ": ", "Tel", "+49 30 5550123", "Acme GmbH",
     "Name", "E-mail", "https://www.linkedin.com/in/dana-ruiz-4b5", "Head of Operations at Acme", "Berlin, Germany",
     "@", "ß", " "]
)  # fmt: skip
LINES = st.one_of(st.text(max_size=60), st.lists(PIECES, max_size=9).map("".join))


@given(st.lists(LINES, max_size=8).map("\n".join))
@example('"\t"\n"x')
@example("Name\tE-mail\nName\tE-mail")
@example("a: b\n\x0bc\x1dd\x85e")
def test_nothing_of_a_paste_is_lost_whatever_it_is(text: str) -> None:
    found = read_paste(text)
    lines = [line.strip() for line in text.lstrip("\ufeff").splitlines() if any(map(str.isalnum, line))]
    source = [line.strip() for row in found for line in row.source]
    assert [line for line in lines if line not in source] == []
    assert all(row.said or row.rest for row in found if len(row.source) < 2)
    kept = {word for row in found for part in (*row.said.values(), row.rest, *row.source) for word in words(part)}
    assert {word for line in lines for word in words(line)} <= kept


@given(st.lists(st.sampled_from(["alpha", "beta", "gamma", "+49 30 5550123", "x@y.example", "Oslo"]), min_size=1))
def test_every_word_of_a_line_is_in_a_field_or_in_the_rest(parts: list[str]) -> None:
    text = ", ".join(parts)
    kept = " ".join(part for row in read_paste(text) for part in (*row.said.values(), row.rest))
    assert set(re.findall(r"\w+", text)) <= set(re.findall(r"\w+", kept))
