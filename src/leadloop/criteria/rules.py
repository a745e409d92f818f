"""Asking a condition of values in memory. It answers as the database would for a row with these values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal
from functools import lru_cache
from typing import Any

import orjson

from leadloop.criteria import registry
from leadloop.criteria.contracts import Group, Leaf, Node
from leadloop.criteria.reading import read
from leadloop.criteria.spans import span
from leadloop.criteria.speech import shown
from leadloop.kernel.decision import Decision, Reason
from leadloop.kernel.errors import Invalid

_NUMBER = re.compile(r"-?[0-9]{1,18}(\.[0-9]{1,12})?")
_DAY = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_DOTTED_I = "\u0130"  # the one letter whose small form Python writes as two


def holds(ast: Any, values: Mapping[str, Any], now: datetime) -> Decision[bool]:
    """Tell whether a condition holds, with the conditions that decided it as reasons.

    `values` are keyed like facets ("score.fit"). One that is missing, None or empty is not known: nothing positive
    holds of it, everything negative does. A list, tuple or set stands for several rows: what holds of one of them
    holds. Personal values are not repeated in the reasons. Raises Invalid for a condition that can't be read.
    """
    holding, deciding = _ask(_read(_plain(ast), registry.version()), values, now)
    return Decision(holding, tuple(_reason(leaf, values, met=met) for leaf, met in deciding))


def fold(text: str) -> str:
    """The text in small letters, one for one, as the database's lower() has it."""
    return text.lower() if text.isascii() else "".join("i" if c == _DOTTED_I else c.lower() for c in text)


def _plain(ast: Any) -> bytes:
    try:
        return orjson.dumps(ast)
    except (TypeError, ValueError, RecursionError):
        raise Invalid("The condition can't be read", field="condition", mend="Write it as plain JSON") from None


@lru_cache(maxsize=1024)
def _read(plain: bytes, _version: int) -> Node:
    return read(orjson.loads(plain), registry.facet)


def _ask(node: Node, values: Mapping[str, Any], now: datetime) -> tuple[bool, list[tuple[Leaf, bool]]]:
    """Return whether the node holds, and the conditions that decided it, each with its own answer."""
    if isinstance(node, Leaf):
        met = _met(node, values.get(node.facet.key), now) is not node.negated
        return met, [(node, met)]
    asked = [_ask(member, values, now) for member in node.members]
    decisive = [one for one in asked if one[0] is _settles(node)]
    holding = bool(decisive) if node.how == "any" else not decisive
    return holding, [leaf for _, leaves in decisive or asked for leaf in leaves]


def _settles(group: Group) -> bool:
    """The answer of one member that settles the whole: one that fails for all, one that holds for any and none."""
    return group.how != "all"


def _met(leaf: Leaf, actual: Any, now: datetime) -> bool:
    """Whether the positive form holds of a value, or of one of several."""
    if actual is None:
        return False
    several = isinstance(actual, list | tuple | set | frozenset)
    if leaf.type == "list":
        return _list_met(leaf, list(actual) if several else [actual])
    if leaf.facet.type == "any" and leaf.op == "is_set" and not several:
        return bool(actual != "")
    return any(_one_met(leaf, one, now) for one in actual) if several else _one_met(leaf, actual, now)


def _one_met(leaf: Leaf, actual: Any, now: datetime) -> bool:
    if leaf.type in ("text", "choice", "any"):
        return isinstance(actual, str) and _text_met(leaf, actual)
    if leaf.type == "boolean":
        return isinstance(actual, bool) and actual is leaf.value
    if leaf.type in ("date", "datetime"):
        when = _when(leaf.type, actual)
        return when is not None and (leaf.op == "is_set" or span(leaf, now).holds(when))
    number = _number(actual)
    return number is not None and (leaf.op == "is_set" or _number_met(leaf.op, number, leaf.value))


def _list_met(leaf: Leaf, actual: Iterable[Any]) -> bool:
    if leaf.op == "is_set":
        return any(one is not None for one in actual)
    wanted = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    return not set(wanted).isdisjoint(one for one in actual if isinstance(one, str))


def _text_met(leaf: Leaf, actual: str) -> bool:
    value: Any = leaf.value
    if leaf.op == "is_set":
        return bool(actual != "")
    if leaf.type == "choice":
        return actual in value if leaf.op == "in" else actual == value
    small = fold(actual)
    if leaf.op == "in":
        return any(small == fold(one) for one in value)
    wanted = fold(value)
    if leaf.op == "contains":
        return wanted in small
    return small.startswith(wanted) if leaf.op == "starts_with" else small == wanted


def _number_met(op: str, actual: int | float | Decimal, value: Any) -> bool:
    # The database compares a float column with the nearest float of the number asked for.
    if isinstance(actual, float):
        value = tuple(map(float, value)) if isinstance(value, tuple) else float(value)
    if op == "between":
        return bool(value[0] <= actual <= value[1])
    if op == "in":
        return actual in value
    return bool(_COMPARE[op](actual, value))


def _number(actual: Any) -> int | float | Decimal | None:
    if isinstance(actual, bool):
        return None
    if isinstance(actual, str):
        return Decimal(actual) if _NUMBER.fullmatch(actual) else None
    return actual if isinstance(actual, int | float | Decimal) else None


def _when(type_: str, actual: Any) -> date | datetime | None:
    """The value as a day or as a moment; a day counts from its start in UTC."""
    if isinstance(actual, str):
        actual = _parsed(actual)
    if isinstance(actual, datetime):
        utc = actual.astimezone(UTC) if actual.utcoffset() is not None else actual.replace(tzinfo=UTC)
        return utc if type_ == "datetime" else utc.date()
    if isinstance(actual, date):
        return datetime.combine(actual, time(), UTC) if type_ == "datetime" else actual
    return None


def _parsed(text: str) -> date | datetime | None:
    try:
        return date.fromisoformat(text) if _DAY.fullmatch(text) else datetime.fromisoformat(text)
    except ValueError:
        return None


def _reason(leaf: Leaf, values: Mapping[str, Any], *, met: bool) -> Reason:
    text = leaf.says
    if not leaf.facet.personal and leaf.op != "is_set":
        text = f"{text} (it is {shown(leaf, values.get(leaf.facet.key))})"
    return Reason(leaf.facet.key, text if met else f"not met: {text}")


_COMPARE: dict[str, Any] = {
    "=": lambda actual, value: actual == value,
    "<": lambda actual, value: actual < value,
    "<=": lambda actual, value: actual <= value,
    ">": lambda actual, value: actual > value,
    ">=": lambda actual, value: actual >= value,
}
