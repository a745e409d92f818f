"""Business cards come in whatever program wrote them, and as the codes on badges."""

from __future__ import annotations

import tarfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.parse.cards import cards

DANA = {
    "given_name": "Dana", "family_name": "Ruiz", "email": "dana@acme.example", "phone": "+493023125001",
    "company": "Acme",
}  # fmt: skip


def test_eighteen_of_eighteen_are_read(data: Path) -> None:
    read = {}
    with tarfile.open(data / "vcards" / "ez_vcard_samples.tar.xz") as archive:
        for member in archive.getmembers():
            if member.name.endswith(".vcf"):
                file = archive.extractfile(member)
                assert file is not None
                raw = file.read()
                text = raw.decode("utf-8", "replace")
                read[Path(member.name).name] = (cards(text), text.upper().count("BEGIN:VCARD"))
    assert len(read) == 18
    assert {name: len(found) for name, (found, _) in read.items()} == {name: held for name, (_, held) in read.items()}
    named = ("given_name", "family_name", "full_name", "email")
    assert all(any(name in one for name in named) for found, _ in read.values() for one in found)
    outlook = read["outlook-2007.vcf"][0][0]
    assert (outlook["given_name"], outlook["email"], outlook["city"]) == (
        "Michael", "mike.angstadt@gmail.com", "New York",
    )  # fmt: skip
    assert read["rfc6350-example.vcf"][0][0]["company"] == "Viagenie"


@pytest.mark.parametrize(
    "text",
    [
        "BEGIN:VCARD\r\nVERSION:3.0\r\nN:Ruiz;Dana;;;\r\nitem1.EMAIL;TYPE=HOME:x@y.example\r\n"
        "EMAIL;TYPE=WORK,INTERNET:dana@acme.example\r\nTEL;TYPE=WORK:+4930\r\n 23125001\r\nORG:Acme;Sales\r\nEND:VCARD",
        "BEGIN:VCARD\nVERSION:2.1\nN;CHARSET=UTF-8;ENCODING=QUOTED-PRINTABLE:R=75iz;Dana\nEMAIL;PREF:dana@acme.example\n"
        "TEL;WORK:+493023125001\nORG:Acme\nPHOTO;ENCODING=BASE64:AAAA\nEND:VCARD\n",
        "MECARD:N:Ruiz,Dana;TEL:+493023125001;EMAIL:dana@acme.example;ORG:Acme;;",
    ],
)
def test_a_card_says_the_same_in_every_form(text: str) -> None:
    assert cards(text) == [DANA]


def test_a_text_without_cards_holds_none() -> None:
    assert cards("Dana Ruiz, dana@acme.example") == []
    assert cards("BEGIN:VCARD\nEND:VCARD") == []


@given(st.text(max_size=300))
def test_no_text_breaks_the_reader(text: str) -> None:
    assert isinstance(cards(f"BEGIN:VCARD\n{text}\nEND:VCARD"), list)
