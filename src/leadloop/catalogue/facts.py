"""What is laid down about what is sold."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("family.added", "A product family was added")
class FamilyAdded(Fact):
    """From now on a lead can be about it."""

    family_id: int


@fact("product.added", "A product was added")
class ProductAdded(Fact):
    """From now on it can stand on a line."""

    product_id: int
    family_id: int


@fact("price.set", "A list price was set")
class PriceSet(Fact):
    """`amount` in its currency, valid from a day on."""

    product_id: int
    per_month: bool
    valid_from: str


@fact("payment_term.added", "A payment term was added")
class PaymentTermAdded(Fact):
    """In days after invoicing."""

    term_id: int
    days: int
