"""Reading the company's own fields, and the values that conditions speak of."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Any

from django.db import connection

from leadloop.criteria import registry
from leadloop.criteria.contracts import CUSTOM, Facet, FacetView
from leadloop.criteria.models import CustomField
from leadloop.criteria.sql import alias, expression, joins
from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One of the company's own fields; `facet` is what conditions call it."""

    id: int
    subject: str
    key: str
    label: str
    type: str
    options: tuple[str, ...]

    @property
    def facet(self) -> str:
        """The key of its facet, such as "person.custom.shoe_size"."""
        return f"{self.subject}{CUSTOM}{self.key}"


def fields(subject: str | None = None) -> list[FieldRow]:
    """The company's own fields of a subject, or all, by label. One query."""
    found = CustomField.objects.order_by("subject", "label", "id")
    if subject is not None:
        found = found.filter(subject=subject)
    return [FieldRow(f.id, f.subject, f.key, f.label, f.type, tuple(f.options)) for f in found]


def own_facets(subject: str) -> dict[str, Facet]:
    """The own fields of a subject and of those it links to, as facets by key, where they can be found. One query."""
    return {
        row.facet: registry.own_field(row.subject, row.key, row.label, row.type, row.options)
        for row in fields()
        if row.subject in (subject, *registry.links(subject)) and _kept_by(row.subject)
    }


def all_facets(subject: str) -> list[Facet]:
    """Everything that conditions about a subject may speak of, the company's own fields last. One query."""
    return [*registry.facets(subject), *own_facets(subject).values()]


def values(keys: Iterable[str], subject: str, ids: Collection[int]) -> dict[int, dict[str, Any]]:
    """The values of facets for each id, ready to be asked in memory; a list where a view has several rows.

    Facets that are unknown are left out, and so are ids that don't exist. One query for the base views together,
    one for each further view, and one when own fields are among the keys.
    """
    wanted = set(keys)
    known = {facet.key: facet for facet in registry.facets(subject)}
    if any(CUSTOM in key for key in wanted):
        known |= own_facets(subject)
    base = registry.base(subject)
    asked = [known[key] for key in sorted(wanted) if key in known]
    if base is None:
        return {}
    found = _of_bases(base, [f for f in asked if f.view and f.view.is_base], ids)
    for view in {f.view.prefix: f.view for f in asked if f.view and not f.view.is_base}.values():
        _add_rows(found, base, view, [f for f in asked if f.view == view])
    return found


def _of_bases(base: FacetView, asked: list[Facet], ids: Collection[int]) -> dict[int, dict[str, Any]]:
    links = registry.links(base.subject)
    bases = {facet.view.subject: facet.view for facet in asked if facet.view and facet.view != base}
    columns = ""
    params: list[Any] = []
    for facet in asked:
        sql, some = expression(facet, "s" if facet.view is None or facet.view == base else alias(facet.view.subject))
        columns, params = f"{columns}, {sql}", [*params, *some]
    keys = [facet.key for facet in asked]
    with connection.cursor() as cursor:
        cursor.execute(
            f"select s.{base.key}{columns} from {base.view} s{joins(bases, links, bases)} where s.{base.key} = any(%s)",
            [*params, list(ids)],
        )
        return {row[0]: dict(zip(keys, row[1:], strict=True)) for row in cursor.fetchall()}


def _add_rows(found: dict[int, dict[str, Any]], base: FacetView, view: FacetView, asked: list[Facet]) -> None:
    column = base.key if view.subject == base.subject else registry.links(base.subject)[view.subject]
    for one in found.values():
        one.update({facet.key: [] for facet in asked})
    columns = ", ".join(f"v.{facet.column}" for facet in asked)
    with connection.cursor() as cursor:
        cursor.execute(
            f"select s.{base.key}, {columns} from {base.view} s join {view.view} v on v.{view.key} = s.{column}"
            f" where s.{base.key} = any(%s)",
            [list(found)],
        )
        for row in cursor.fetchall():
            for facet, value in zip(asked, row[1:], strict=True):
                found[row[0]][facet.key].append(value)


def _kept_by(subject: str) -> bool:
    view = registry.base(subject)
    return bool(view and view.attributes)
