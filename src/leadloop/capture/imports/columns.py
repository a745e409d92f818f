"""Which field each column goes to: by its heading, by what it holds, by what was chosen before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadloop.capture.imports.content import are_salutations
from leadloop.capture.parse.fields import Field
from leadloop.capture.parse.keys import field_of, squash
from leadloop.kernel.errors import Invalid
from leadloop.kernel.values import dataclass

_EXACT, _FITS, _DOUBTED, _BY_CONTENT, _BY_WEAK_CONTENT = 0.9, 0.98, 0.4, 0.8, 0.6
_DIVERSE = 0.3
# What a column must hold to be what its heading says; nothing is asked of the others.
_MUST_HOLD = {
    Field.EMAIL: {"email"},
    Field.PHONE: {"phone", "number"},
    Field.MOBILE: {"phone", "number"},
    Field.WEBSITE: {"url"},
    Field.CREATED_AT: {"date", "number"},
    Field.CONVERTED: {"boolean"},
    Field.NO_EMAIL: {"boolean"},
    Field.NO_PHONE: {"boolean"},
}
# Headings that mislead so often that other content decides at once.
_CONTENT_RULES = {
    (Field.FULL_NAME, "email"): Field.EMAIL,
    (Field.FULL_NAME, "phone"): Field.PHONE,
    (Field.COMPANY, "url"): Field.WEBSITE,
    (Field.SOCIAL, "email"): Field.EMAIL,
}
_FROM_CONTENT = {"email": (Field.EMAIL, _BY_CONTENT), "phone": (Field.PHONE, _BY_WEAK_CONTENT)}
_NOT_BY_CONTENT_ALONE = {Field.CONVERTED, Field.NO_EMAIL, Field.NO_PHONE}


@dataclass(frozen=True, slots=True)
class Seen:
    """A column as far as it was looked at."""

    header: str
    content: str
    texts: Sequence[str]


@dataclass(frozen=True, slots=True)
class Guess:
    """A field for a column ("" keeps an attribute), why and how sure."""

    field: str
    how: str
    confidence: float


NOTHING = Guess("", "", 0.0)


def guess(
    seen: Sequence[Seen], *, portal: Mapping[str, str], saved: Mapping[str, str], chosen: Mapping[str, str]
) -> list[Guess]:
    """Return a guess per column; each field is given once, to the surest column and of equals to the first.

    `portal`, `saved` and `chosen` map headings to fields, the later ones counting more. Invalid for a heading that the
    file lacks or a field we don't have.
    """
    _check(chosen, {one.header for one in seen})
    own = {squash(key): name for key, name in portal.items()}
    found = [_one(one, own.get(squash(one.header)), saved.get(one.header), chosen.get(one.header)) for one in seen]
    return _fill_from_content(_once(found), seen)


def _one(seen: Seen, portal: str | None, saved: str | None, chosen: str | None) -> Guess:
    """Guess for one column by itself."""
    if chosen is not None:
        return Guess(chosen, "chosen", 1.0)
    if saved is not None:
        return Guess(saved, "saved", 1.0)
    if portal is not None:
        return Guess(portal, "portal", 1.0)
    field = field_of(seen.header)
    if field is None or (field == Field.TITLE and are_salutations(seen.texts)):
        return NOTHING
    if other := _CONTENT_RULES.get((field, seen.content)):
        return Guess(other, "content", _BY_CONTENT)
    must = _MUST_HOLD.get(field)
    if must is None or not seen.content:
        return Guess(field, "heading", _EXACT)
    if seen.content in must:
        return Guess(field, "heading", _FITS)
    return NOTHING if field in _NOT_BY_CONTENT_ALONE else Guess(field, "heading", _DOUBTED)


def _once(found: list[Guess]) -> list[Guess]:
    """Keep one column per field; the others stay attributes."""
    best: dict[str, int] = {}
    for place, one in enumerate(found):
        if one.field and one.field != Field.IGNORE:
            rival = best.get(one.field)
            if rival is None or one.confidence > found[rival].confidence:
                best[one.field] = place
    kept = set(best.values())
    return [one if place in kept or one.field == Field.IGNORE else _freed(one) for place, one in enumerate(found)]


def _freed(one: Guess) -> Guess:
    return Guess("", one.how, one.confidence) if one.how in ("chosen", "saved") else NOTHING


def _fill_from_content(found: list[Guess], seen: Sequence[Seen]) -> list[Guess]:
    """Give columns with telling content to fields that no heading claimed."""
    taken = {one.field for one in found}
    for place, one in enumerate(seen):
        if found[place] is not NOTHING:
            continue
        if len(set(one.texts)) < _DIVERSE * len(one.texts):
            continue  # grades such as "02.Medium" may look like web addresses, but repeat themselves
        field, confidence = _FROM_CONTENT.get(one.content, (None, 0.0))
        if one.content == "url":
            social = any("linkedin.com/" in text or "xing.com/" in text for text in one.texts)
            field, confidence = (Field.SOCIAL if social else Field.WEBSITE), _BY_WEAK_CONTENT
        if field is not None and field not in taken:
            found[place] = Guess(field, "content", confidence)
            taken.add(field)
    return found


def _check(chosen: Mapping[str, str], headers: set[str]) -> None:
    known = {str(field) for field in Field} | {""}
    for header, name in chosen.items():
        if header not in headers:
            raise Invalid(f"the file has no column {header!r}", field="fields", mend="Use a heading as the file has it")
        if name not in known:
            raise Invalid(f"there is no field {name!r}", field="fields", mend="Leave it empty to keep an attribute")
