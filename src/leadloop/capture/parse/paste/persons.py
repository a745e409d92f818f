"""Lines about one person: a signature, a profile's text, or a label on each line."""

from __future__ import annotations

import re
from collections.abc import Sequence

from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import field_of
from leadloop.capture.parse.mail.signature import signed
from leadloop.capture.parse.paste.shapes import TAKEN, Found, found, mail_in, profile_in
from leadloop.capture.parse.places import country_code
from leadloop.kernel.text import domain_of

_LABELLED = re.compile(r"\s*(?P<label>[^\W\d][^:\t]{0,30})\s*(?::\s|\t)\s*(?P<text>\S.*)")
_SEVERAL = re.compile(r"[|·•\t]")  # things on one line, as signatures have them
_AT = re.compile(r"(?P<title>[^|·•]{2,80}?)\s+(?:at|bei|chez|en|@)\s+(?P<firm>[^|·•]{2,80})\Z")


def read_person(block: Sequence[str]) -> Found:
    """Everything that lines say of one person."""
    said: dict[Field, str] = {}
    needs: list[str] = []
    plain: list[str] = []
    for one in block:
        label, text = _labelled(one)
        needs.append(text if label else one)
        if label and label not in said:
            said[label] = text
            continue
        if not _take_address(one, said):
            plain.append(one)
    told = signed(plain, sender="", domain=domain_of(said[Field.EMAIL]) if Field.EMAIL in said else "")
    for one in plain:
        _take_place(one, told)
    return found({**told, **said}, block, needs)


def _labelled(text: str) -> tuple[Field | None, str]:
    one = _LABELLED.match(text)
    field = field_of(one["label"]) if one else None
    if one is None or field is None or field not in TAKEN or _SEVERAL.search(one["text"]):
        return None, text
    clean = mail_in(one["text"]) if field is Field.EMAIL else one["text"]
    return (field, clean) if clean else (None, text)


def _take_address(text: str, said: dict[Field, str]) -> bool:
    """Whether a line is one of the two that a signature is not read for: an e-mail address or a profile."""
    address, social = mail_in(text), profile_in(text)
    if address:
        said.setdefault(Field.EMAIL, address)
    if social:
        said.setdefault(Field.SOCIAL, social)
    return bool(social)


def _take_place(text: str, told: dict[Field, str]) -> None:
    """ "Head of Operations at Acme", and "Berlin, Germany", as profiles have them."""
    if one := _AT.match(text.strip()):
        for field, part in ((Field.TITLE, one["title"]), (Field.COMPANY, one["firm"])):
            if told.get(field) in (None, text.strip()):
                told[field] = part.strip()
        return
    parts = [part.strip() for part in text.split(",")]
    if 2 <= len(parts) <= 3 and Field.COUNTRY not in told and country_code(parts[-1]):
        told[Field.COUNTRY], told[Field.CITY] = parts[-1], parts[0]
