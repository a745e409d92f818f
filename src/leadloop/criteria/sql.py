"""Conditions as SQL. Names come from the registry alone, everything that was given goes as a parameter.

A condition is SQL's TRUE exactly where it holds; where it does not, it may be FALSE or NULL. So what is negated
is negated with IS NOT TRUE, and plain comparisons stay bare, for indexes to serve them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from leadloop.criteria.contracts import Facet, FacetView, Group, Leaf, Node
from leadloop.criteria.spans import span

Sql = tuple[str, list[Any]]

_OWN_NUMBER = r"^-?[0-9]{1,18}(\.[0-9]{1,12})?$"
_OWN_DATE = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


def selecting(node: Node, base: FacetView, links: dict[str, str], bases: dict[str, FacetView], now: datetime) -> Sql:
    """The statement that yields the ids of `base` for which the condition holds.

    `links` are the columns of `base` that lead to other subjects, `bases` the base views of those.
    """
    where, params = _Writer(base, links, now).node(node)
    linked = joins(_joined(node, base), links, bases)
    return f"select s.{base.key} from {base.view} s{linked} where {where}", params


def joins(subjects: Iterable[str], links: dict[str, str], bases: dict[str, FacetView]) -> str:
    """The base views of other subjects, joined to the rows `s` by the links; a row without one stays."""
    return "".join(
        f" left join {bases[one].view} {alias(one)} on {alias(one)}.{bases[one].key} = s.{links[one]}"
        for one in sorted(subjects)
    )


def alias(subject: str) -> str:
    """What a linked subject's base view is called in a statement."""
    return f"s_{subject}"


def expression(facet: Facet, row: str) -> Sql:
    """The value of a facet in a row of its view."""
    if not facet.custom_key:
        return f"{row}.{facet.column}", []
    field = f"{row}.{facet.view.attributes if facet.view else ''}"
    return {
        "number": (
            f"(case when {field} ->> %s ~ '{_OWN_NUMBER}' then ({field} ->> %s)::numeric end)",
            [facet.custom_key] * 2,
        ),
        "date": (f"(case when {field} ->> %s ~ '{_OWN_DATE}' then {field} ->> %s end)", [facet.custom_key] * 2),
        "boolean": (
            f"(case {field} -> %s when 'true'::jsonb then true when 'false'::jsonb then false end)",
            [facet.custom_key],
        ),
    }.get(
        facet.type,
        (
            f"(case when jsonb_typeof({field} -> %s) = 'string' then {field} ->> %s end)",
            [facet.custom_key] * 2,
        ),
    )


def _joined(node: Node, base: FacetView) -> set[str]:
    """The subjects whose base views the condition speaks of, other than its own."""
    return {
        leaf.facet.view.subject
        for leaf in leaves(node)
        if leaf.facet.view and leaf.facet.view.is_base and leaf.facet.view != base
    }


def leaves(node: Node) -> Iterator[Leaf]:
    """All single conditions within."""
    if isinstance(node, Leaf):
        yield node
    else:
        for member in node.members:
            yield from leaves(member)


class _Writer:
    """Writes the conditions of one statement."""

    def __init__(self, base: FacetView, links: dict[str, str], now: datetime) -> None:
        self.base = base
        self.links = links
        self.now = now

    def node(self, node: Node) -> Sql:
        return self.leaf(node) if isinstance(node, Leaf) else self.group(node)

    def group(self, group: Group) -> Sql:
        written = [self.node(member) for member in group.members]
        params = [param for _, some in written for param in some]
        if not written:
            return ("false" if group.how == "any" else "true"), params
        text = (" and " if group.how == "all" else " or ").join(sql for sql, _ in written)
        return (f"(({text}) is not true)" if group.how == "none" else f"({text})"), params

    def leaf(self, leaf: Leaf) -> Sql:
        sql, params = self.positive(leaf)
        return (f"(({sql}) is not true)" if leaf.negated else sql), params

    def positive(self, leaf: Leaf) -> Sql:
        view = leaf.facet.view
        assert view is not None, "facets without a view are refused before"
        if view == self.base:
            return predicate(leaf, *expression(leaf.facet, "s"), self.now)
        if view.is_base:
            return predicate(leaf, *expression(leaf.facet, alias(view.subject)), self.now)
        column = self.base.key if view.subject == self.base.subject else self.links[view.subject]
        sql, params = predicate(leaf, *expression(leaf.facet, "v"), self.now)
        return f"s.{column} in (select v.{view.key} from {view.view} v where {sql})", params


def predicate(leaf: Leaf, value: str, params: list[Any], now: datetime) -> Sql:
    """The positive form of a condition over a SQL value, which needs `params` each time it is named."""
    if leaf.type in ("date", "datetime") and leaf.op != "is_set":
        return _within(leaf, value, params, now)
    sql, given = _PREDICATES.get((leaf.type, leaf.op)) or _PREDICATES["", leaf.op]
    return sql.replace("{}", value), [*params, *given(leaf.value)]


def _within(leaf: Leaf, value: str, params: list[Any], now: datetime) -> Sql:
    asked = span(leaf, now)
    own = bool(leaf.facet.custom_key)  # kept as text, whose order is that of the days
    sides = [
        (bound, f">{'=' if asked.low_in else ''}" if bound is asked.low else f"<{'=' if asked.high_in else ''}")
        for bound in (asked.low, asked.high)
        if bound is not None
    ]
    text = " and ".join(f'{value} collate "C" {sign} %s' if own else f"{value} {sign} %s" for _, sign in sides)
    return text, [one for bound, _ in sides for one in (*params, bound.isoformat() if own else bound)]


def like(text: str) -> str:
    """The text with everything escaped that LIKE would read as a pattern."""
    return text.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")


def _one(value: Any) -> Iterable[Any]:
    return [value]


def _list(value: Any) -> Iterable[Any]:
    """One array; psycopg wants its members to be of one type."""
    mixed = any(isinstance(one, Decimal) for one in value)
    return [[Decimal(one) for one in value] if mixed else list(value)]


def _both(value: Any) -> Iterable[Any]:
    return list(value)


def _none(_: Any) -> Iterable[Any]:
    return []


# By type and operator, "" being any type. "{}" stands for the value of the facet.
_PREDICATES: dict[tuple[str, str], tuple[str, Any]] = {
    ("text", "="): ("lower({}) = lower(%s)", _one),
    ("text", "in"): ("lower({}) = any(array(select lower(w) from unnest(%s::text[]) w))", _list),
    ("text", "contains"): ("{} ilike %s", lambda value: [f"%{like(value)}%"]),
    ("text", "starts_with"): ("{} ilike %s", lambda value: [f"{like(value)}%"]),
    ("text", "is_set"): ("{} <> ''", _none),
    ("choice", "is_set"): ("{} <> ''", _none),
    ("list", "is_set"): ("cardinality({}) > 0", _none),
    ("list", "has"): ("{} @> array[%s]::text[]", _one),
    ("list", "has_any"): ("{} && %s::text[]", _list),
    ("boolean", "is"): ("{} = %s", _one),
    ("", "is_set"): ("{} is not null", _none),
    ("", "="): ("{} = %s", _one),
    ("", "in"): ("{} = any(%s)", _list),
    ("", "<"): ("{} < %s", _one),
    ("", "<="): ("{} <= %s", _one),
    ("", ">"): ("{} > %s", _one),
    ("", ">="): ("{} >= %s", _one),
    ("", "between"): ("{} between %s and %s", _both),
}
