"""Conditions in English: "stage is qualified or assigned, and fit is at least 40"."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

from leadloop.criteria.contracts import Group, Leaf, Node

_SAYS = {
    "=": "is {}",
    "in": "is {}",
    "contains": "contains {}",
    "starts_with": "starts with {}",
    "<": "is below {}",
    "<=": "is at most {}",
    ">": "is above {}",
    ">=": "is at least {}",
    "before": "is before {}",
    "after": "is after {}",
    "has": "has {}",
    "has_any": "has {}",
    "within_days": "is within the last {}",
    "within_next_days": "is within the next {}",
    "older_than_days": "is more than {} ago",
    "is_set": "is filled in",
}
_SAYS_NOT = {"=": "is not {}", "in": "is not {}", "is_set": "is empty"}
_QUOTED = ("contains", "starts_with")
_DAYS = ("within_days", "within_next_days", "older_than_days")
_MOST_LISTED = 5


def sentence(node: Node) -> str:
    """The whole condition in one sentence, without a capital or a full stop. "always" when it asks nothing."""
    return _spoken(node, top=True)


def said(leaf: Leaf) -> str:
    """One condition: the label of the facet, and what is asked of it."""
    label = _in_sentence(leaf.facet.label)
    if leaf.op == "is":
        return f"{label} is {'yes' if leaf.value else 'no'}"
    if leaf.op == "between" and isinstance(leaf.value, tuple):
        return f"{label} is between {_value(leaf, leaf.value[0])} and {_value(leaf, leaf.value[1])}"
    return f"{label} {(_SAYS_NOT if leaf.negated else _SAYS)[leaf.op].format(_wanted(leaf))}"


def shown(leaf: Leaf, actual: Any) -> str:
    """A value that was found, beside the condition that was asked of it."""
    if actual is None or actual == "" or actual == []:
        return "not known"
    if isinstance(actual, list | tuple | set | frozenset):
        return _either([_value(leaf, one) for one in list(actual)[:_MOST_LISTED]], "and")
    return _value(leaf, actual)


def _spoken(node: Node, *, top: bool = False) -> str:
    if isinstance(node, Leaf):
        return node.says
    if not node.members:
        return "never" if node.how == "any" else "always"
    parts = [_spoken(member) for member in node.members]
    if node.how == "none":
        parts = [f"not {_bracketed(part, member)}" for part, member in zip(parts, node.members, strict=True)]
    if len(parts) == 1:
        return parts[0]
    if node.how == "any":
        text = ", or ".join(parts)
        return text if top else f"either {text}"
    text = ", and ".join(parts)
    return text if top else f"({text})"


def _bracketed(text: str, member: Node) -> str:
    several = isinstance(member, Group) and len(member.members) > 1
    return f"({text})" if several and not text.startswith("(") else text


def _wanted(leaf: Leaf) -> str:
    if leaf.value is None:
        return ""
    if leaf.op in _DAYS:
        return f"{leaf.value} day" if leaf.value == 1 else f"{leaf.value} days"
    values = leaf.value if isinstance(leaf.value, tuple) else (leaf.value,)
    words = [_value(leaf, one) for one in values[:_MOST_LISTED]]
    if len(values) > _MOST_LISTED:
        words.append(f"one of {len(values) - _MOST_LISTED} more")
    return _either(words, "or")


def _value(leaf: Leaf, value: Any) -> str:
    named = isinstance(value, str) or leaf.type == "id"
    text = dict(leaf.facet.options).get(str(value)) if named else None
    if text is not None:
        return text
    if isinstance(value, str):
        return f"“{value}”" if leaf.op in _QUOTED else value
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, datetime):
        return f"{_plain(value.date())}, {value:%H:%M} UTC"
    if isinstance(value, date):
        return f"{value.day} {value:%B} {value.year}"
    if isinstance(value, float | Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if "." in f"{value:f}" else f"{value:f}"
    return str(value)


def _either(words: list[str], last: str) -> str:
    """ "a", "a or b", "a, b or c"."""
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} {last} {words[-1]}"


def _in_sentence(label: str) -> str:
    """A label inside a sentence: its first letter small, unless it is an abbreviation."""
    return label if label[:2].isupper() else f"{label[:1].lower()}{label[1:]}"
