"""The bytes of a message, read back by the standard library."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage
from email.utils import getaddresses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.text import one_line
from leadloop.outreach.contracts import Purpose
from leadloop.outreach.mail import Mail, envelope_address, origin, to_bytes
from tests.support.cast import MONDAY

FROM = origin("Alder & Finch <post@alder-finch.example>")


def mail(**more: object) -> Mail:
    known: dict[str, object] = {
        "to": "ana@acme.example",
        "subject": "Hello",
        "text": "Hello Ana\n",
        "message_id": "<m1.abc@alder-finch.example>",
        "at": MONDAY,
        "purpose": Purpose.TRANSACTIONAL,
    }
    return Mail(**{**known, **more})  # type: ignore[arg-type]


def read(data: bytes) -> EmailMessage:
    assert b"\n" not in data.replace(b"\r\n", b"")
    assert b"\r" not in data.replace(b"\r\n", b"")
    assert all(len(line) <= 998 for line in data.split(b"\r\n"))
    made = message_from_bytes(data, policy=policy.default)
    assert isinstance(made, EmailMessage)
    assert not made.defects
    return made


def body(made: EmailMessage, kind: str) -> str:
    part = made.get_body((kind,))
    assert part is not None
    return str(part.get_content()).replace("\r\n", "\n")


def test_a_plain_message() -> None:
    made = read(to_bytes(mail(), FROM))
    assert made["From"] == "Alder & Finch <post@alder-finch.example>"
    assert made["To"] == "ana@acme.example"
    assert made["Subject"] == "Hello"
    assert made["Message-ID"] == "<m1.abc@alder-finch.example>"
    assert made["Date"].datetime == MONDAY
    assert made.get_content_type() == "text/plain"
    assert body(made, "plain") == "Hello Ana\n"


def test_text_and_html_go_together_the_plain_one_first() -> None:
    made = read(to_bytes(mail(html="<html><body><p>Grüße</p></body></html>"), FROM))
    assert [part.get_content_type() for part in made.iter_parts()] == ["text/plain", "text/html"]
    assert "Grüße" in body(made, "html")


def test_answers_by_rule_say_so_and_marketing_does_not() -> None:
    assert read(to_bytes(mail(auto_answer=True), FROM))["Auto-Submitted"] == "auto-replied"
    assert read(to_bytes(mail(purpose=Purpose.INTERNAL), FROM))["Auto-Submitted"] == "auto-generated"
    assert read(to_bytes(mail(purpose=Purpose.MARKETING), FROM))["Auto-Submitted"] is None


@pytest.mark.parametrize(
    ("language", "words"), [("en", "Unsubscribe here"), ("de-AT", "abmelden"), ("pt", "Unsubscribe")]
)
def test_marketing_shows_the_way_out_to_programs_and_to_people(language: str, words: str) -> None:
    url = "https://leads.example.com/unsubscribe/17:abc"
    html = "<html><body><p>News</p></body></html>"
    made = read(to_bytes(mail(html=html, unsubscribe_url=url, language=language, purpose=Purpose.MARKETING), FROM))
    assert made["List-Unsubscribe"] == f"<{url}>"
    assert made["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    for kind in ("plain", "html"):
        assert url in body(made, kind)
        assert words in body(made, kind)
    assert body(made, "html").rstrip().endswith("</body></html>")


def test_html_without_a_body_end_gets_the_way_out_too() -> None:
    made = read(to_bytes(mail(html="<p>News", unsubscribe_url="https://x.example/u", purpose=Purpose.MARKETING), FROM))
    assert "https://x.example/u" in body(made, "html")


def test_replies_can_go_to_somebody_else() -> None:
    assert read(to_bytes(mail(reply_to="kim@alder-finch.example"), FROM))["Reply-To"] == "kim@alder-finch.example"


HOSTILE = ["x\r\nBcc: all@evil.example", "x\nBcc: y", "x\rBcc: y", "x\u2028Bcc: y", "x\x0bBcc: y", "x\x85Bcc: y"]


@pytest.mark.parametrize("words", HOSTILE)
def test_no_header_can_be_smuggled_in(words: str) -> None:
    made = read(to_bytes(mail(subject=words), origin(f"{words} <post@alder-finch.example>")))
    assert made["Bcc"] is None
    assert "Bcc" in made["Subject"]
    for field in ("message_id", "to", "reply_to", "unsubscribe_url"):
        with pytest.raises(ValueError, match="line end"):
            to_bytes(mail(**{field: "x\r\nBcc: all@evil.example"}), FROM)


@given(st.text(max_size=300), st.text(max_size=400), st.text(max_size=400))
def test_any_subject_and_any_text_arrive(subject: str, text: str, html: str) -> None:
    made = read(to_bytes(mail(subject=subject, text=text, html=html), FROM))
    assert made["Bcc"] is None
    assert " ".join(made["Subject"].split()) == one_line(subject, 900)
    arrived = body(made, "plain")
    assert arrived.rstrip("\n") == text.replace("\r\n", "\n").replace("\r", "\n").rstrip("\n")


@given(st.text(max_size=80))
def test_any_display_name_is_one_name(name: str) -> None:
    made = read(to_bytes(mail(), origin(f'"{one_line(name).replace(chr(92), "").replace(chr(34), "")}" <p@x.example>')))
    [(_, address)] = getaddresses([made["From"]])
    assert address == "p@x.example"


@pytest.mark.parametrize(
    ("given_", "address"),
    [
        ("Ana@ACME.Example", "Ana@acme.example"),
        ("  ana+news@acme.example ", "ana+news@acme.example"),
        ("ana@bücher.example", "ana@xn--bcher-kva.example"),
        ("jörg@acme.example", "jörg@acme.example"),
        ("not an address", None),
        ("a@b.example\r\nRCPT TO:<x@y.example>", None),
        ("a@b@c.example", None),
        ("", None),
    ],
)
def test_mail_goes_to_the_address_as_given(given_: str, address: str | None) -> None:
    assert envelope_address(given_) == address
