"""Business cards as text: vCard 2.1 to 4.0, and the short form that QR codes on badges hold."""

from __future__ import annotations

import quopri
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from leadloop.capture.parse.fields import Field

_FOLD = re.compile(r"\r?\n[ \t]")
_ESCAPED = re.compile(r"\\([nN\\,;:])")
_MOST = 2_000
_BINARY = ("b", "base64")
_ADR_CITY, _ADR_COUNTRY = 3, 6
# Of several numbers or addresses the one at work counts, then the first.
_PREFERRED = ("pref", "work")
_MECARD = re.compile(r"MECARD:(.*?);;", re.DOTALL | re.IGNORECASE)
_SHORT = {"N": "N", "TEL": "TEL", "EMAIL": "EMAIL", "ORG": "ORG", "URL": "URL", "NOTE": "NOTE", "TITLE": "TITLE"}


class Line(NamedTuple):
    """A property of a card: its name and parameters in capitals and small letters, its value as text."""

    name: str
    params: dict[str, list[str]]
    value: str


def cards(text: str) -> list[dict[str, str]]:
    """Return the cards in a text, each as texts by field of an import; empty for a text that holds none."""
    found = [_card(lines) for lines in _vcards(text)] or [_card(lines) for lines in _mecards(text)]
    return [one for one in found if one][:_MOST]


def _vcards(text: str) -> Iterator[list[Line]]:
    """The outermost cards; one inside another (an agent) is left out."""
    inside: list[Line] = []
    depth = 0
    for line in _lines(text):
        if line.name == "BEGIN" and line.value.strip().upper() == "VCARD":
            depth += 1
            inside = [] if depth == 1 else inside
        elif line.name == "END" and line.value.strip().upper() == "VCARD":
            depth = max(0, depth - 1)
            if depth == 0:
                yield inside
        elif depth == 1:
            inside.append(line)


def _lines(text: str) -> Iterator[Line]:
    unfolded = _FOLD.sub("", text.lstrip("\ufeff"))
    waiting = ""
    for raw in unfolded.splitlines():
        whole = waiting + raw
        head = whole.partition(":")[0].upper()
        if "QUOTED-PRINTABLE" in head and whole.endswith("="):
            waiting = whole[:-1]
            continue
        waiting = ""
        if ":" in whole and (line := _line(whole)) is not None:
            yield line


def _line(text: str) -> Line | None:
    head, _, value = text.partition(":")
    names = head.split(";")
    name = names[0].rpartition(".")[2].strip().upper()  # "item1.EMAIL" groups properties
    params: dict[str, list[str]] = {}
    for one in names[1:]:
        key, mark, said = one.partition("=")
        params.setdefault(key.lower() if mark else "type", []).extend(
            (said if mark else key).lower().strip('"').split(",")
        )
    coded = params.get("encoding", []) + params.get("type", [])
    if "quoted-printable" in coded:
        charset = next(iter(params.get("charset", [])), "utf-8")
        value = _decoded(quopri.decodestring(value.encode("utf-8", "surrogateescape")), charset)
    elif any(one in _BINARY for one in params.get("encoding", [])):
        return None
    return Line(name, params, value)


def _decoded(raw: bytes, charset: str) -> str:
    for name in (charset, "utf-8", "cp1252"):
        try:
            return raw.decode(name)
        except (LookupError, UnicodeDecodeError):
            continue
    return raw.decode("latin-1")


def _mecards(text: str) -> Iterator[list[Line]]:
    for found in _MECARD.finditer(text + ";;"):
        pairs = (part.partition(":") for part in re.split(r"(?<!\\);", found[1]))
        lines = [Line(_SHORT[key.upper()], {}, value) for key, _, value in pairs if key.upper() in _SHORT]
        # Here the family name comes first too, but a comma parts it.
        yield [line._replace(value=line.value.replace(",", ";", 1)) if line.name == "N" else line for line in lines]


def _card(lines: Sequence[Line]) -> dict[str, str]:
    family, given = [*_parts(_of(lines, "N")), "", ""][:2]
    company = _parts(_of(lines, "ORG"))
    place = (_parts(_of(lines, "ADR")) + [""] * 7)[:7]
    found = {
        Field.GIVEN_NAME: given,
        Field.FAMILY_NAME: family,
        Field.FULL_NAME: "" if given and family else _plain(_of(lines, "FN")),
        Field.EMAIL: _plain(_of(lines, "EMAIL")).removeprefix("mailto:"),
        Field.PHONE: _plain(_of(lines, "TEL")).removeprefix("tel:"),
        Field.COMPANY: company[0] if company else "",
        Field.TITLE: _plain(_of(lines, "TITLE")) or _plain(_of(lines, "ROLE")),
        Field.WEBSITE: _plain(_of(lines, "URL")),
        Field.CITY: place[_ADR_CITY],
        Field.COUNTRY: place[_ADR_COUNTRY],
        Field.MESSAGE: _plain(_of(lines, "NOTE")),
    }
    if not found[Field.FULL_NAME] and not (given and family):
        found[Field.FULL_NAME] = _plain(_of(lines, "NICKNAME")) if not (given or family) else ""
    return {str(field): text.strip() for field, text in found.items() if text.strip()}


def _of(lines: Sequence[Line], name: str) -> str:
    """The value of a property, of several the preferred one; "" when there is none that says something."""
    saying = [line for line in lines if line.name == name and line.value.strip(" ;")]
    for kind in _PREFERRED:
        for line in saying:
            if kind in line.params.get("type", []) or kind in line.params:
                return line.value
    return saying[0].value if saying else ""


def _parts(value: str) -> list[str]:
    return [_plain(part) for part in re.split(r"(?<!\\);", value)] if value else []


def _plain(value: str) -> str:
    return _ESCAPED.sub(lambda found: "\n" if found[1] in "nN" else found[1], value).strip()
