"""Persons as the search compares them: a table in Arrow, every field in its normal form.

Date of birth, street and post code have no columns of their own; where a file or another system told them, they stand
among a person's attributes (`people/rules/told.py`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from itertools import islice
from typing import Any

import pyarrow as pa

from leadloop.kernel.text import domain_of, is_disposable, is_free_mail, matching_view
from leadloop.people.contracts import Comparable
from leadloop.people.rules.names import folded
from leadloop.people.rules.told import told

FIELDS = (
    *("given", "family", "birth", "email", "mailbox", "phone", "firm", "domain"),
    *("street", "house", "postcode", "city"),
)
COLUMNS = ("id", "fresh", "lookalike", *FIELDS)
_FLAGS = [("id", pa.int64()), ("fresh", pa.bool_()), ("lookalike", pa.bool_())]
SCHEMA = pa.schema([*_FLAGS, *((name, pa.string()) for name in FIELDS)])
_CHUNK = 20_000
_DISTINCT = 2  # letters or digits that a mailbox has beside the names: an initial is none

_NOT_LETTERS = re.compile(r"[\W_]+")
_DIGITS = re.compile(r"\d+")


def people_table(people: Iterable[Comparable], *, on: Callable[[int], None] = lambda _: None) -> pa.Table:
    """Return the table of these people; `on` is told now and then how many were taken in."""
    batches: list[pa.RecordBatch] = []
    rows = iter(people)
    taken = 0
    while chunk := list(islice(rows, _CHUNK)):
        batches.append(_batch(chunk))
        taken += len(chunk)
        on(taken)
    return pa.Table.from_batches(batches, SCHEMA)


def _batch(chunk: list[Comparable]) -> pa.RecordBatch:
    columns: list[list[Any]] = list(map(list, zip(*map(_row, chunk), strict=True)))
    arrays = [pa.array(values, field.type) for values, field in zip(columns, SCHEMA, strict=True)]
    return pa.RecordBatch.from_arrays(arrays, schema=SCHEMA)


def _row(one: Comparable) -> tuple[Any, ...]:
    said = {field: texts[0] for field, texts in told(one.attributes).items()} if one.attributes else {}
    street, house = _street(said.get("street", ""), said.get("house", ""))
    return (
        one.id,
        one.fresh,
        one.lookalike,
        _joined(one.given) or None,
        _joined(one.family) or None,
        _birth(said["birth"]) if "birth" in said else None,
        *_mail(one.email, (_joined(one.given), _joined(one.family))),
        one.phone or None,
        one.firm_key or None,
        one.domain or _own_domain(one.email),
        street or None,
        house or None,
        _joined(said["postcode"]) or None if "postcode" in said else None,
        _spaced(one.city or said.get("city", "")) or None,
    )


@lru_cache(maxsize=65536)
def _joined(text: str) -> str:
    """Letters and digits, folded and without anything between: "Anna-Maria" and "Anna Maria" are one."""
    return _NOT_LETTERS.sub("", folded(text))


@lru_cache(maxsize=65536)
def _spaced(text: str) -> str:
    return _NOT_LETTERS.sub(" ", folded(text)).strip()


def _birth(text: str) -> str | None:
    """Return year, month and day as digits; a year at the end is taken to the front. None for what is no date."""
    parts = _DIGITS.findall(text)[:3]
    if len(parts) == 3 and len(parts[2]) == 4:
        parts.reverse()
    digits = "".join(part.zfill(2) for part in parts)
    return digits if len(digits) == 8 else None


def _street(street: str, house: str) -> tuple[str, str]:
    """Street without number, and the number, wherever it was told."""
    text, number = _spaced(street), _spaced(house)
    if not number and (found := _DIGITS.search(text)):
        number = found[0]
        text = " ".join((text[: found.start()] + text[found.end() :]).split())
    return text, number


def _mail(address: str, names: tuple[str, str]) -> tuple[str | None, str | None]:
    """The address and its mailbox; a mailbox that only spells the name says nothing that the name does not say."""
    if not address:
        return None, None
    normal = matching_view(address)
    mailbox = normal.partition("@")[0]
    left = _joined(mailbox)
    for name in filter(None, names):
        left = left.replace(name, "", 1)
    return normal, None if len(left) < _DISTINCT else mailbox


@lru_cache(maxsize=65536)
def _domain(name: str) -> str | None:
    return None if is_free_mail(name) or is_disposable(name) else name


def _own_domain(address: str) -> str | None:
    """The domain of an address, None where anyone can have one there."""
    return _domain(domain_of(address)) if address else None
