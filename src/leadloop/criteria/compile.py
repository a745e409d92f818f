"""Conditions at work: checked, explained, and asked of the database."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.db import connection

from leadloop.criteria import registry
from leadloop.criteria.contracts import CUSTOM, VALUES, Compiled, Facet, Node
from leadloop.criteria.queries import own_facets
from leadloop.criteria.reading import Vocabulary, read
from leadloop.criteria.speech import sentence
from leadloop.criteria.sql import selecting
from leadloop.kernel.errors import Invalid

__all__ = ["VALUES", "check", "compile_ast", "count", "explain", "matching", "select_ids"]


def compile_ast(ast: Any, subject: str, *, now: datetime, strict: bool = False) -> Compiled:
    """Return the condition as SQL over the ids of a subject. Days of the calendar are cut in UTC.

    Raises Invalid naming the place of what can't be read or is not known of this subject. One query when the
    condition speaks of the company's own fields, otherwise none.
    """
    base = registry.base(subject)
    if base is None:
        raise Invalid(f"Nothing can be found by conditions about {subject!r}", field="subject")
    node = _node(ast, subject, strict=strict)
    links = registry.links(subject)
    bases = {one: view for one in links if (view := registry.base(one))}
    sql, params = selecting(node, base, links, bases, now)
    return Compiled(sql, tuple(params), base.key)


def check(ast: Any, subject: str) -> Invalid | None:
    """Return what is wrong with a condition, its place as the field; None when it can be used.

    The subject VALUES ("values") stands for conditions that are only asked of values in memory.
    """
    try:
        _node(ast, subject, strict=True)
    except Invalid as wrong:
        return wrong
    return None


def explain(ast: Any, names: Mapping[str, Mapping[str, str]] | None = None) -> str:
    """Return the condition as one plain sentence without capital and full stop: "stage is won, and fit is above 3".

    `names` says for facets, by key, what their values are called: the names behind ids, say. Facets that nobody knows
    any more are called by the last part of their key. Raises Invalid for what is no condition.
    """

    def known(key: str) -> Facet:
        facet = _known_or_named(key)
        return replace(facet, options=tuple(names[key].items())) if names and key in names else facet

    return sentence(read(ast, known))


def select_ids(ast: Any, subject: str, now: datetime, *, after: int = 0, limit: int | None = None) -> list[int]:
    """Ids for which the condition holds, ascending, beginning above `after`; at most `limit`. One query."""
    compiled = compile_ast(ast, subject, now=now)
    sql = f"select id from ({compiled.select}) as found (id) where id > %s order by id limit %s"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*compiled.params, after, limit])
        return [row[0] for row in cursor.fetchall()]


def count(ast: Any, subject: str, now: datetime) -> int:
    """How many ids the condition holds for. One query."""
    compiled = compile_ast(ast, subject, now=now)
    with connection.cursor() as cursor:
        cursor.execute(f"select count(*) from ({compiled.select}) as found", compiled.params)
        return int(cursor.fetchone()[0])


def matching(ast: Any, subject: str, ids: Collection[int], now: datetime) -> set[int]:
    """Those of the ids for which the condition holds. One query."""
    compiled = compile_ast(ast, subject, now=now)
    sql = f"select id from ({compiled.select}) as found (id) where id = any(%s)"
    with connection.cursor() as cursor:
        cursor.execute(sql, [*compiled.params, list(ids)])
        return {row[0] for row in cursor.fetchall()}


def _node(ast: Any, subject: str, *, strict: bool) -> Node:
    return read(ast, registry.facet if subject == VALUES else _vocabulary(subject), strict=strict)


def _vocabulary(subject: str) -> Vocabulary:
    """The facets of one subject; its own fields are looked up once a condition speaks of one."""
    known = {facet.key: facet for facet in registry.facets(subject)}
    own: dict[str, Facet] = {}

    def find(key: str) -> Facet | None:
        if CUSTOM in key and not own:
            own.update(own_facets(subject))
        return known.get(key) or own.get(key)

    return find


def _known_or_named(key: str) -> Facet:
    label = key.rpartition(".")[2].replace("_", " ")
    return registry.facet(key) or Facet(key, label, "any")
