"""What crosses the door of `criteria`: facets, and conditions that were read."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Literal, get_args

from leadloop.kernel.values import dataclass

Type = Literal["text", "number", "money", "boolean", "date", "datetime", "choice", "list", "id", "any"]
TYPES: tuple[Type, ...] = get_args(Type)
VALUES = "values"  # the subject of conditions that are only ever asked of values in memory
CUSTOM = ".custom."  # stands between the subject and the key of a company's own field
IDENTIFIER = re.compile(r"[a-z][a-z0-9_]{0,62}")

# Operators by type; the first is what a page proposes. "any" is a value whose type nobody declared.
OPERATORS: dict[Type, tuple[str, ...]] = {
    "text": ("=", "!=", "in", "not_in", "contains", "starts_with", "is_set", "is_empty"),
    "number": (">=", "=", "!=", "<", "<=", ">", "between", "in", "not_in", "is_set", "is_empty"),
    "money": (">=", "=", "!=", "<", "<=", ">", "between", "is_set", "is_empty"),
    "boolean": ("is",),
    "date": ("within_days", "older_than_days", "within_next_days", "before", "after", "is_set", "is_empty"),
    "datetime": ("within_days", "older_than_days", "within_next_days", "before", "after", "is_set", "is_empty"),
    "choice": ("in", "=", "!=", "not_in", "is_set", "is_empty"),
    "list": ("has_any", "has", "is_set", "is_empty"),
    "id": ("in", "=", "!=", "not_in", "is_set", "is_empty"),
}
OPERATORS["any"] = tuple(dict.fromkeys(op for ops in OPERATORS.values() for op in ops))

Option = str | tuple[str, str]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a facet view, or one value in memory.

    `money` is in minor units of the company's currency; `id` an integer that names a row elsewhere; `list` an array
    of texts. `options` are what a choice may be, each a value or a (value, label) pair. `personal` values are never
    repeated in reasons.
    """

    name: str
    label: str
    type: Type
    options: Sequence[Option] | None = None
    personal: bool = False


@dataclass(frozen=True, slots=True)
class FacetView:
    """A SQL view that lets others read a room, keyed by a subject's id in the column `key`.

    The view whose prefix is its subject is the subject's base: exactly one row for every id there is. Of any other
    view a condition holds when it holds for at least one row of the subject. `links` of a base view are (other
    subject, column with its id), so that a lead's conditions may speak of its person. `attributes` of a base view
    is the JSON column in which the company's own fields stand.
    """

    view: str
    subject: str
    prefix: str
    key: str
    columns: tuple[Column, ...]
    links: tuple[tuple[str, str], ...] = ()
    attributes: str = ""

    @property
    def is_base(self) -> bool:
        """True for the one view of a subject with exactly one row for each id."""
        return self.prefix == self.subject


@dataclass(frozen=True, slots=True)
class Facet:
    """Something that a condition may speak of, named by `key` such as "lead.stage".

    `view` is None for values that exist in memory only. `custom_key` names a company's own field.
    """

    key: str
    label: str
    type: Type
    options: tuple[tuple[str, str], ...] = ()
    personal: bool = False
    view: FacetView | None = None
    column: str = ""
    custom_key: str = ""

    @property
    def operators(self) -> tuple[str, ...]:
        """What may be asked of it."""
        return OPERATORS[self.type]


Scalar = str | int | Decimal | bool | date | datetime


@dataclass(frozen=True, slots=True)
class Leaf:
    """One condition. `op` is positive; `negated` turns it round, so that "is not" is true of what is not known.

    `type` is the facet's, or what was inferred for a facet of type "any". `value` is typed: Decimal or int for
    numbers, date or aware datetime for times, int for days, a tuple for several. `says` is it in English.
    """

    facet: Facet
    type: Type
    op: str
    negated: bool
    value: Scalar | tuple[Scalar, ...] | None
    says: str = ""


@dataclass(frozen=True, slots=True)
class Group:
    """Several conditions: all, any or none of them."""

    how: Literal["all", "any", "none"]
    members: tuple[Node, ...]


Node = Leaf | Group


@dataclass(frozen=True, slots=True)
class Compiled:
    """A condition as SQL: `select` yields the ids for which it holds, with `params` in the order of its marks."""

    select: str
    params: tuple[Any, ...]
    key: str

    @property
    def sql(self) -> str:
        """A boolean expression over a column called like the key ("lead_id")."""
        return f"{self.key} in ({self.select})"

    def on(self, column: str) -> str:
        """The same over another column, such as "l.id". The name goes into the SQL: never pass input."""
        return f"{column} in ({self.select})"
