"""The bytes of an e-mail: headers that can't be broken out of, plain text and HTML, the way out of marketing.

A picture stands in the HTML as `src="data:image/png;base64,…"` while it waits, and goes out as a part of its own.

Written by hand because the standard library's message classes take some milliseconds each, a campaign's whole budget;
the tests read every message back with them.
"""

from __future__ import annotations

import re
from binascii import b2a_base64, b2a_qp
from datetime import datetime
from email.utils import format_datetime, parseaddr
from html import escape

from leadloop.kernel.text import domain_of, one_line
from leadloop.kernel.text import email as normal_form
from leadloop.kernel.values import dataclass
from leadloop.outreach.contracts import Purpose

LONGEST_HEADER = 900
_LONGEST_PLAIN = 66  # with its name a header's line stays within the 78 characters that RFC 5322 asks for
_WORD_BYTES = 39  # 52 characters in base 64, so that an encoded word stays within 75 and a line within 76
# Quoted-printable never has "=_", so this can't occur in a part.
_BOUNDARY = "=_leadloop_part"
_RELATED = "=_leadloop_related"
_PICTURE = re.compile(r'src="data:image/png;base64,([A-Za-z0-9+/=]+)"')
_LINE = 76  # characters of base 64
_LINE_ENDS = re.compile(r"\r\n?")
_BREAKS_OUT = re.compile(r"[\r\n](?![ \t\n])")
_PLAIN_NAME = re.compile(r"[A-Za-z0-9 _-]+\Z")
_WAY_OUT = {
    "en": "You don't want such e-mails any more? Unsubscribe here",
    "de": "Sie möchten solche E-Mails nicht mehr? Hier abmelden",
}


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom mail is from: the header's value, and the bare address for the envelope."""

    header: str
    address: str

    @property
    def domain(self) -> str:
        """The domain of our own address, for Message-IDs."""
        return domain_of(self.address)


@dataclass(frozen=True, slots=True, kw_only=True)
class Mail:
    """What goes into one e-mail. `unsubscribe_url` is "" for what can't be unsubscribed from."""

    to: str
    subject: str
    text: str
    message_id: str
    at: datetime
    purpose: Purpose
    html: str = ""
    reply_to: str = ""
    language: str = "en"
    auto_answer: bool = False
    unsubscribe_url: str = ""


def origin(setting: str) -> Origin:
    """Read LEADLOOP_EMAIL_FROM, such as "Alder & Finch <post@example.com>"."""
    name, address = parseaddr(setting)
    return Origin(f"{_phrase(one_line(name))} <{address}>".strip(), address)


def envelope_address(given: str) -> str | None:
    """The address to hand to the server: as given, its domain in ASCII; None when it isn't one to send to."""
    norm = normal_form(given)
    if norm is None:
        return None
    local, _, domain = norm.rpartition("@")
    as_given = given.strip().rpartition("@")[0]
    return f"{as_given}@{domain}" if as_given.lower() == local else norm


def to_bytes(mail: Mail, sender: Origin) -> bytes:
    """Return the message with CRLF line ends, ASCII throughout unless an address isn't."""
    text, html = _with_way_out(mail) if mail.unsubscribe_url else (mail.text, mail.html)
    head = "".join(_header(name, value) for name, value in _headers(mail, sender))
    if not html:
        return head.encode() + _part("plain", text)
    mixed = f'Content-Type: multipart/alternative; boundary="{_BOUNDARY}"\r\n\r\n--{_BOUNDARY}\r\n'
    between, end = f"\r\n--{_BOUNDARY}\r\n", f"\r\n--{_BOUNDARY}--\r\n"
    shown = _with_pictures(html, sender) if "data:image/" in html else _part("html", html)
    return b"".join((head.encode(), mixed.encode(), _part("plain", text), between.encode(), shown, end.encode()))


def _headers(mail: Mail, sender: Origin) -> list[tuple[str, str]]:
    headers = [
        ("Date", format_datetime(mail.at)),
        ("From", sender.header),
        ("To", f"<{mail.to}>"),
        ("Subject", _unstructured(one_line(mail.subject, LONGEST_HEADER))),
        ("Message-ID", mail.message_id),
        ("MIME-Version", "1.0"),
        ("X-Auto-Response-Suppress", "OOF, AutoReply"),
    ]
    if mail.reply_to:
        headers.append(("Reply-To", f"<{mail.reply_to}>"))
    if mail.purpose is not Purpose.MARKETING:
        headers.append(("Auto-Submitted", "auto-replied" if mail.auto_answer else "auto-generated"))
    if mail.unsubscribe_url:
        headers.append(("List-Unsubscribe", f"<{mail.unsubscribe_url}>"))
        headers.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return headers


def _header(name: str, value: str) -> str:
    """One header; a line end that doesn't fold would begin another, so it can't pass."""
    if _BREAKS_OUT.search(value):
        raise ValueError(f"a line end in the header {name}")
    return f"{name}: {value}\r\n"


def _unstructured(value: str) -> str:
    """Free text of a header, encoded and folded where needed."""
    if value.isascii() and len(value) <= _LONGEST_PLAIN and "=?" not in value:
        return value
    return _encoded(value)


def _phrase(name: str) -> str:
    """A display name: as it is, quoted, or encoded."""
    if not name or _PLAIN_NAME.match(name):
        return name
    if name.isascii():
        return '"' + name.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return _encoded(name)


def _encoded(value: str) -> str:
    """Encoded words (RFC 2047), each of whole characters and short enough for its line."""
    words, chunk = [], b""
    for character in value:
        more = character.encode("utf-8", "replace")
        if len(chunk) + len(more) > _WORD_BYTES:
            words.append(chunk)
            chunk = b""
        chunk += more
    words.append(chunk)
    return "\r\n ".join(f"=?utf-8?b?{b2a_base64(word, newline=False).decode()}?=" for word in words)


def _part(subtype: str, text: str) -> bytes:
    head = f"Content-Type: text/{subtype}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n"
    coded = b2a_qp(_LINE_ENDS.sub("\n", text).encode("utf-8", "replace"))
    return head.encode() + coded.replace(b"\n", b"\r\n")


def _with_pictures(html: str, sender: Origin) -> bytes:
    """The HTML with its pictures as parts of their own, which readers show that would not show them in the HTML."""
    pictures: list[str] = []

    def named(found: re.Match[str]) -> str:
        pictures.append(found[1])
        return f'src="cid:picture{len(pictures)}@{sender.domain}"'

    whole = _part("html", _PICTURE.sub(named, html))
    if not pictures:
        return whole
    parts = [f'Content-Type: multipart/related; boundary="{_RELATED}"\r\n\r\n--{_RELATED}\r\n'.encode(), whole]
    for number, coded in enumerate(pictures, start=1):
        lines = "\r\n".join(coded[at : at + _LINE] for at in range(0, len(coded), _LINE))
        parts.append(
            f"\r\n--{_RELATED}\r\nContent-Type: image/png\r\nContent-Transfer-Encoding: base64\r\n"
            f"Content-ID: <picture{number}@{sender.domain}>\r\n"
            f'Content-Disposition: inline; filename="picture{number}.png"\r\n\r\n{lines}'.encode()
        )
    return b"".join((*parts, f"\r\n--{_RELATED}--\r\n".encode()))


def _with_way_out(mail: Mail) -> tuple[str, str]:
    """Text and HTML with a sentence below that says how to get no more of it."""
    sentence = _WAY_OUT.get(mail.language.partition("-")[0].lower(), _WAY_OUT["en"])
    text = f"{mail.text.rstrip()}\n\n-- \n{sentence}: {mail.unsubscribe_url}\n"
    if not mail.html:
        return text, ""
    link = f'<a href="{escape(mail.unsubscribe_url)}">{escape(sentence)}</a>'
    below = f'<p style="font:14px sans-serif;color:#60646c;padding:16px 24px">{link}</p>'
    head, end, rest = mail.html.rpartition("</body>")
    return text, f"{head}{below}{end}{rest}" if end else f"{rest}{below}"
