"""The vocabulary: every facet that a room lets others read. Filled while rooms load, read ever after."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.criteria.contracts import (
    CUSTOM,
    IDENTIFIER,
    TYPES,
    VALUES,
    Column,
    Facet,
    FacetView,
    Option,
    Type,
)

__all__ = ["Column", "FacetView", "base", "facet", "facets", "links", "register", "register_values", "version"]

_views: dict[str, FacetView] = {}
_values: dict[str, dict[str, Column]] = {}
_open: set[str] = set()
_version = 0


def register(view: FacetView) -> None:
    """Declare a view. Doing it again replaces nothing unless it is equal; raises ValueError otherwise.

    All names go into SQL, so they must be plain identifiers.
    """
    global _version  # noqa: PLW0603 - counts the state of this module
    names = [view.view, view.subject, view.prefix, view.key, *(c.name for c in view.columns)]
    names += [part for link in view.links for part in link] + ([view.attributes] if view.attributes else [])
    for name in names:
        _must_be_identifier(name)
    for column in view.columns:
        _must_be_typed(column)
    if _views.setdefault(view.prefix, view) != view:
        raise ValueError(f"the prefix {view.prefix!r} is taken by another view")
    _version += 1


def register_values(prefix: str, columns: Iterable[Column], *, others: bool = False) -> None:
    """Declare values that exist in memory only, such as "score.fit" while a lead is assessed.

    May be called again for the same prefix: what is new is added. `others` lets conditions speak of any further
    value under the prefix too (the answers of a form, say). Raises ValueError when a type contradicts.
    """
    global _version  # noqa: PLW0603 - counts the state of this module
    _must_be_identifier(prefix)
    known = _values.setdefault(prefix, {})
    for column in columns:
        _must_be_identifier(column.name)
        _must_be_typed(column)
        if known.setdefault(column.name, column).type != column.type:
            raise ValueError(f"{prefix}.{column.name} has two types")
    if others:
        _open.add(prefix)
    _version += 1


def facets(subject: str) -> list[Facet]:
    """What conditions about a subject may speak of: its own views first, then those of the subjects it links to.

    The subject "values" stands for what is known in memory while a lead is assessed.
    """
    if subject == VALUES:
        return [_of_column(f"{prefix}.", column) for prefix, known in _values.items() for column in known.values()]
    return [
        _of_column(f"{view.prefix}.", column, view)
        for one in (subject, *links(subject))
        for view in sorted(_views.values(), key=lambda view: (not view.is_base, view.prefix))
        if view.subject == one
        for column in view.columns
    ]


def facet(key: str) -> Facet | None:
    """The facet of this name wherever it is declared; None when nobody declared it.

    A company's own field and an undeclared value under an open prefix come with the type "any".
    """
    prefix, _, name = key.partition(".")
    view = _views.get(prefix)
    declared = next((c for c in view.columns if c.name == name), None) if view else None
    if declared is not None:
        return _of_column(f"{prefix}.", declared, view)
    if column := _values.get(prefix, {}).get(name):
        return _of_column(f"{prefix}.", column)
    subject, custom, field = key.partition(CUSTOM)
    if (custom and subject in _views and IDENTIFIER.fullmatch(field)) or (prefix in _open and name):
        return Facet(key, _label(name), "any")
    return None


def base(subject: str) -> FacetView | None:
    """The view with one row for each id of the subject; None when there is none."""
    view = _views.get(subject)
    return view if view is not None and view.is_base else None


def links(subject: str) -> dict[str, str]:
    """Other subjects that the subject's base view leads to, with the column that holds their ids."""
    view = base(subject)
    return {to: column for to, column in view.links if base(to)} if view else {}


def version() -> int:
    """A number that changes whenever the vocabulary does."""
    return _version


def own_field(subject: str, key: str, label: str, type_: str, options: Iterable[str]) -> Facet:
    """The facet of a company's own field. A choice is read as text, for that is how it is stored."""
    kind: Type = next((one for one in TYPES if one == type_ and one != "choice"), "text")
    view = base(subject)
    pairs = tuple((option, option) for option in options)
    return Facet(f"{subject}{CUSTOM}{key}", label, kind, pairs, view=view, custom_key=key)


def _of_column(stem: str, column: Column, view: FacetView | None = None) -> Facet:
    pairs = tuple(map(_pair, column.options or ()))
    return Facet(stem + column.name, column.label, column.type, pairs, column.personal, view, column.name)


def _pair(option: Option) -> tuple[str, str]:
    return (str(option), _label(str(option))) if isinstance(option, str) else option


def _label(name: str) -> str:
    return name.rpartition(".")[2].replace("_", " ")


def _must_be_identifier(name: str) -> None:
    if not IDENTIFIER.fullmatch(name):
        raise ValueError(f"{name!r} is not a plain lower-case identifier")


def _must_be_typed(column: Column) -> None:
    if column.type not in TYPES or column.type == "any":
        raise ValueError(f"{column.name} has the unknown type {column.type!r}")
