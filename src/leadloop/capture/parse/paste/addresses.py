"""Lines that each name somebody: "Name <address>", several of them on one line, or a name, a firm and an address."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.mail.signature import signed
from leadloop.capture.parse.paste.shapes import Found, found, mails_in, profile_in
from leadloop.kernel.text import domain_of

_AROUND = " \t<>()[]\"';,|:-–—*•"
_APART = re.compile(r"\s*[,;|\t]\s*|\s+[–—-]\s+")
_WORD = re.compile(r"[^\W\d_][\w.'’-]*\Z")


def read_list(block: Sequence[str]) -> list[Found]:
    """Everybody in lines that each name somebody."""
    return [one for text in block for one in _people(text)]


def _people(text: str) -> Iterator[Found]:
    """One per address on the line; one where there is none, whatever it says."""
    start = 0
    mails = mails_in(text)
    for place, address in enumerate(mails):
        end = text.index(address, start) + len(address) if place + 1 < len(mails) else len(text)
        part = text[start:end]
        yield found(_said(part, address), [text], [part])
        start = end
    if not mails:
        yield found(_said(text, ""), [text])


def _said(part: str, address: str) -> dict[Field, str]:
    said = {Field.EMAIL: address} if address else {}
    if social := profile_in(part):
        said[Field.SOCIAL] = social
    before, _, after = part.partition(address) if address else (part, "", "")
    bracketed = before.rstrip().endswith(("<", "(", "["))
    name = _plain(before, social) if bracketed else ""
    if name and (turned := _turned(name)):
        return {**said, Field.FULL_NAME: turned}
    pieces = [one for side in (before, after) for one in _APART.split(_plain(side, social)) if one]
    told = signed(pieces, sender="", domain=domain_of(address) if address else "")
    if Field.FULL_NAME not in told and pieces and bracketed:
        told[Field.FULL_NAME] = pieces[0]
    return {**told, **said}


def _turned(name: str) -> str:
    """ "Ruiz, Dana" → "Dana Ruiz"; "" for anything that is not two words parted by a comma."""
    family, comma, given = name.partition(",")
    both = comma and _WORD.match(given.strip()) and _WORD.match(family.strip())
    return f"{given.strip()} {family.strip()}" if both else ""


def _plain(text: str, social: str) -> str:
    return (text.replace(social, " ") if social else text).strip(_AROUND)
