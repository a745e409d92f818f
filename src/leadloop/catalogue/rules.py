"""What may stand in the catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable

from leadloop.catalogue.contracts import NewFamily, NewPrice, NewProduct, NewTerm
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money

_KEY = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}")
LONGEST_TERM = 3650


def check_families(families: Iterable[NewFamily]) -> None:
    """Raise Invalid for a key or name of the wrong form."""
    for family in families:
        _check_key(family.key)
        _check_name(family.name)


def check_products(products: Iterable[NewProduct]) -> None:
    """Raise Invalid for a product without number, name or unit."""
    for product in products:
        _check_name(product.name)
        for field, value in (("sku", product.sku), ("unit", product.unit)):
            if not value.strip():
                raise Invalid("nothing is given", field=field, mend="Fill it in")


def check_prices(prices: Iterable[NewPrice]) -> None:
    """Raise Invalid for an unknown currency, a negative amount, or two prices for the same thing and day."""
    seen = set()
    for price in prices:
        if Money(price.minor, price.currency).minor < 0:
            raise Invalid("a price can't be negative", field="price", mend="Give nought or more")
        place = (price.product_id, price.currency, price.per_month, price.valid_from)
        if place in seen:
            raise Invalid("two prices are given for the same day", field="valid_from", mend="Keep one of them")
        seen.add(place)


def check_terms(terms: Iterable[NewTerm]) -> None:
    """Raise Invalid for a key or name of the wrong form, or days outside nought to ten years."""
    for term in terms:
        _check_key(term.key)
        _check_name(term.name)
        if not 0 <= term.days <= LONGEST_TERM:
            raise Invalid("this is no payment term", field="days", mend=f"Give 0 to {LONGEST_TERM} days")


def _check_key(key: str) -> None:
    if not _KEY.fullmatch(key):
        raise Invalid(f"{key!r} can't be a key", field="key", mend="Use lower-case letters, digits, - and _")


def _check_name(name: str) -> None:
    if not name.strip():
        raise Invalid("the name is missing", field="name", mend="Give a name")
