"""What crosses the door of `catalogue`."""

from __future__ import annotations

from datetime import date

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class NewFamily:
    """A product family to add; `key` is what portals and imports call it."""

    key: str
    name: str


@dataclass(frozen=True, slots=True)
class NewProduct:
    """A product to add. `unit` is what it is counted in."""

    sku: str
    name: str
    family_id: int
    unit: str = "piece"


@dataclass(frozen=True, slots=True)
class NewPrice:
    """A list price from a day on, in minor units of its currency."""

    product_id: int
    currency: str
    minor: int
    valid_from: date
    per_month: bool = False


@dataclass(frozen=True, slots=True)
class NewTerm:
    """A payment term to add: money is due `days` after invoicing."""

    key: str
    name: str
    days: int


@dataclass(frozen=True, slots=True)
class FamilyRow:
    """A product family: the interest a lead pursues."""

    id: int
    key: str
    name: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class ProductRow:
    """Something that can stand on a line of an opportunity."""

    id: int
    family_id: int
    sku: str
    name: str
    unit: str
    is_active: bool


@dataclass(frozen=True, slots=True)
class PriceRow:
    """A list price in minor units of its currency, per month when it is recurring."""

    product_id: int
    currency: str
    minor: int
    per_month: bool
    valid_from: date


@dataclass(frozen=True, slots=True)
class TermRow:
    """A payment term."""

    id: int
    key: str
    name: str
    days: int
