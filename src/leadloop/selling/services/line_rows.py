"""Checking and writing lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

from leadloop.catalogue.queries import products, terms
from leadloop.kernel.errors import Invalid
from leadloop.selling.contracts import LineIn
from leadloop.selling.models import Line
from leadloop.selling.rules import check_line


def check_lines(lines: Sequence[LineIn]) -> None:
    """Raise Invalid for a line that can't stand on a deal. At most two queries."""
    for line in lines:
        if not line.name.strip():
            raise Invalid("A line says what is sold", field="name", mend="Name the product")
        check_line(line)
    _must_be_known({line.product_id for line in lines} - {None}, products, "product_id")
    _must_be_known({line.terms_id for line in lines} - {None}, terms, "terms_id")


def _must_be_known(ids: Set[int | None], known: Callable[[], Mapping[int, object]], field: str) -> None:
    if ids and not ids <= known().keys():
        raise Invalid("The catalogue does not have this", field=field, mend="Choose from the list")


def write_lines(opportunity_id: int, lines: Sequence[LineIn]) -> list[int]:
    """Add lines to a deal and return their ids. One query, none for no lines."""
    if not lines:
        return []
    made = Line.objects.bulk_create(_line(opportunity_id, line) for line in lines)
    return [int(line.id) for line in made]


def _line(opportunity_id: int, line: LineIn) -> Line:
    return Line(
        opportunity_id=opportunity_id,
        product_id=line.product_id,
        name=line.name.strip(),
        quantity=line.quantity,
        unit_minor=line.unit_minor,
        months=line.months,
        terms_id=line.terms_id,
    )
