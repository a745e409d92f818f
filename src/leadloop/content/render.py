"""Merge fields: `{{ person.given_name | there }}` stands for a value, or for its fallback where there is none.

That is all there is: no conditions, no loops, no includes, and no way to reach anything but the values given.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from html import escape

from leadloop.content.fields import FIELDS, FIRM_NAMES, LONG, PERSON_NAMES
from leadloop.kernel.decision import Reason
from leadloop.kernel.text import one_line

LONGEST_VALUE = 300
LONGEST_MESSAGE = 20_000
_FIELD = re.compile(r"\{\{\s*([A-Za-z0-9_.]{1,80})\s*(?:\|([^{}|]{0,400}))?\}\}")
_STRAY = re.compile(r"\{\{|\}\}|\{%|%\}")
_IN_FALLBACK = re.compile(r"[*\[\]]")
_LINK = re.compile(r"[a-z][a-z0-9+.-]*://|www\.|[\w-]/", re.IGNORECASE)
# Titles run together, such as "Prof.Dr.med." and "Dipl.Ing.", are no domains.
_DOMAIN = re.compile(r"[\w-]{3}\.(?!(?:dr|ing|med|rer|nat|phil|jur|habil|mult)\b)[a-z]{2,}\b", re.IGNORECASE)


def render(text: str, values: Mapping[str, object], *, html: bool = False) -> str:
    """Return the text with each field replaced by its value, or by its fallback where the value is missing or blank.

    Values become one line each (only an inquirer's message keeps its lines) and are never read as fields again.
    With `html` the text is taken as HTML and every value and fallback is escaped; else nothing is.
    """

    def fill(found: re.Match[str]) -> str:
        value = _value(found[1], values) or (found[2] or "").strip()
        return escape(value) if html else value

    return _FIELD.sub(fill, text)


def check(text: str, known: Iterable[str] = FIELDS) -> list[Reason]:
    """Return what is wrong with a text, in its order; nothing when it can be saved.

    Codes: unknown_field, no_fallback, markup_in_fallback, stray_braces.
    """
    names = frozenset(known)
    flaws: list[Reason] = []
    for found in _FIELD.finditer(text):
        flaws += _flaws(found[1], found[2], names)
    rest = _FIELD.sub("", text)
    flaws += [
        Reason("stray_braces", f"{found[0]} belongs to no merge field. Write {{{{ person.given_name | there }}}}")
        for found in _STRAY.finditer(rest)
    ]
    return flaws


def _flaws(name: str, fallback: str | None, known: frozenset[str]) -> Iterable[Reason]:
    if name not in known:
        yield Reason("unknown_field", f"{name} is no merge field")
    if not (fallback or "").strip():
        yield Reason("no_fallback", f"{name} needs a fallback: {{{{ {name} | … }}}}")
    elif _IN_FALLBACK.search(fallback or ""):
        yield Reason("markup_in_fallback", f"The fallback of {name} can't hold *, [ or ]")


def _value(name: str, values: Mapping[str, object]) -> str:
    value = str(values.get(name) or "")
    if name in LONG:
        return "\n".join(one_line(line, LONGEST_MESSAGE) for line in value[:LONGEST_MESSAGE].splitlines()).strip()
    value = one_line(value, LONGEST_VALUE)
    return "" if _poses(name, value) else value


def _poses(name: str, value: str) -> bool:
    """True for a link where a name should be."""
    if name in PERSON_NAMES:
        return bool(_LINK.search(value) or _DOMAIN.search(value))
    return name in FIRM_NAMES and bool(_LINK.search(value))
