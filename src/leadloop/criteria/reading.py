"""From a condition as JSON to one that is typed and checked: what can't be read is named by its place."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any, Literal, cast

from leadloop.criteria.contracts import Facet, Group, Leaf, Node, Type
from leadloop.criteria.literals import read_value
from leadloop.criteria.speech import said
from leadloop.kernel.errors import Invalid

Vocabulary = Callable[[str], Facet | None]

DEEPEST = 8
MOST_LEAVES = 200
_GROUPS = ("all", "any", "none")
_NEGATIONS = {"!=": "=", "not_in": "in", "is_empty": "is_set"}
_WITHOUT_VALUE = ("is_set", "is_empty")
# What a value must be when nobody declared its type, by what is asked of it.
_INFERRED: dict[str, Type] = {
    **dict.fromkeys(("<", "<=", ">", ">=", "between"), "number"),
    **dict.fromkeys(("before", "after", "within_days", "older_than_days", "within_next_days"), "date"),
    **dict.fromkeys(("has", "has_any"), "list"),
    "is": "boolean",
}


def read(ast: Any, vocabulary: Vocabulary, *, strict: bool = False) -> Node:
    """Return the typed condition of a JSON value; raise Invalid naming the place of what is wrong.

    `vocabulary` gives the facet of a key, None for one that may not be used. `strict` also refuses values that
    are not among a facet's options; without it they are simply never met, so that conditions outlive their options.
    """
    return _Reader(vocabulary, strict=strict).node(ast, "", DEEPEST)


class _Reader:
    """One pass over a condition."""

    def __init__(self, vocabulary: Vocabulary, *, strict: bool) -> None:
        self.vocabulary = vocabulary
        self.strict = strict
        self.leaves = 0

    def node(self, ast: Any, path: str, depth: int) -> Node:
        if not isinstance(ast, dict):
            raise _wrong(path, "A condition is an object", "Write a facet with its operator, or all, any or none")
        if depth == 0:
            raise _wrong(path, "The conditions are nested too deeply", f"Use at most {DEEPEST} levels")
        if "facet" in ast:
            return self.leaf(ast, path)
        if len(ast) != 1 or (how := next(iter(ast))) not in _GROUPS:
            raise _wrong(path, "This is no condition", "Write a facet with its operator, or just one of all, any, none")
        return self.group(how, ast[how], _join(path, how), depth)

    def group(self, how: str, members: Any, path: str, depth: int) -> Group:
        if not isinstance(members, list):
            raise _wrong(path, "A group is a list of conditions", "Write them between [ and ]")
        found = tuple(self.node(one, f"{path}[{place}]", depth - 1) for place, one in enumerate(members))
        return Group(cast(Literal["all", "any", "none"], how), found)

    def leaf(self, ast: dict[Any, Any], path: str) -> Leaf:
        self.leaves += 1
        if self.leaves > MOST_LEAVES:
            raise _wrong(path, "There are too many conditions", f"Use at most {MOST_LEAVES}")
        for name in ast:
            if name not in ("facet", "op", "value"):
                raise _wrong(path, f"{_short(name)} has no meaning here", "Use facet, op and value")
        facet = self.facet(ast["facet"], _join(path, "facet"))
        op = self.op(ast.get("op"), facet, _join(path, "op"))
        given = ast.get("value")
        positive = _NEGATIONS.get(op, op)
        if op in _WITHOUT_VALUE:
            if given not in (None, True):
                raise _wrong(_join(path, "value"), "This operator takes no value", "Leave the value out")
            return _spoken(Leaf(facet, facet.type, positive, op != positive, None))
        type_ = _infer(positive, given) if facet.type == "any" else facet.type
        value = read_value(type_, positive, given, _join(path, "value"))
        if self.strict and facet.options:
            _must_be_option(value, facet, _join(path, "value"))
        return _spoken(Leaf(facet, type_, positive, op != positive, value))

    def facet(self, key: Any, path: str) -> Facet:
        found = self.vocabulary(key) if isinstance(key, str) and len(key) <= 200 else None
        if found is None:
            raise _wrong(path, f"Nothing is known as {_short(key)} here", "Choose from the list of facets")
        return found

    def op(self, op: Any, facet: Facet, path: str) -> str:
        if not isinstance(op, str) or op not in facet.operators:
            able = ", ".join(facet.operators)
            raise _wrong(path, f"{_short(op)} can't be asked of {facet.label or facet.key}", f"Use one of: {able}")
        return op


def _spoken(leaf: Leaf) -> Leaf:
    return replace(leaf, says=said(leaf))


def _infer(op: str, given: Any) -> Type:
    sample = given[0] if isinstance(given, list) and given else given
    number = isinstance(sample, int | float) and not isinstance(sample, bool)
    return _INFERRED.get(op, "number" if number else "text")


def _must_be_option(value: Any, facet: Facet, path: str) -> None:
    known = [option for option, _ in facet.options]
    for one in value if isinstance(value, tuple) else (value,):
        if one not in known:
            raise _wrong(path, f"{_short(one)} is none of the choices", f"Use one of: {', '.join(known[:20])}")


def _join(path: str, step: str) -> str:
    return f"{path}.{step}" if path else step


def _short(given: Any) -> str:
    text = str(given) if isinstance(given, str) else repr(given)
    return f"“{text[:40]}…”" if len(text) > 40 else f"“{text}”"


def _wrong(path: str, problem: str, mend: str) -> Invalid:
    return Invalid(problem, field=path or "condition", mend=mend)
