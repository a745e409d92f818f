"""What further words add to a firm that is known."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.people.contracts import NewCompany

COLUMNS = ("name", "name_key", "domain", "website", "industry", "employees", "country", "city")


@dataclass(frozen=True, slots=True)
class Firm:
    """A firm as stored: values by column ("" or None for a gap), and the company's own fields."""

    values: Mapping[str, Any]
    attributes: Mapping[str, Any]


def told_together(companies: Sequence[tuple[int, NewCompany]]) -> dict[int, NewCompany]:
    """Return one description per firm: the first, with its gaps filled from the next ones."""
    told: dict[int, NewCompany] = {}
    for company_id, one in companies:
        before = told.get(company_id)
        told[company_id] = together(before, one) if before else one
    return told


def together(first: NewCompany, further: NewCompany) -> NewCompany:
    """Return the first description with its gaps filled from a further one."""
    firm = filled(Firm({column: getattr(first, column) for column in COLUMNS}, first.attributes), further)
    if firm.values == {column: getattr(first, column) for column in COLUMNS} and firm.attributes == first.attributes:
        return first
    return replace(first, **firm.values, attributes=firm.attributes)


def filled(firm: Firm, told: NewCompany) -> Firm:
    """Return the firm with its gaps filled. A name that is only the domain gives way to a real one."""
    values = dict(firm.values)
    for column in COLUMNS:
        if values[column] in ("", None) and getattr(told, column) not in ("", None):
            values[column] = getattr(told, column)
    if values["name"] == values["domain"] and told.name != values["domain"]:
        values["name"], values["name_key"] = told.name, told.name_key
    return Firm(values, {**told.attributes, **firm.attributes})
