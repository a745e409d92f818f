"""What is laid down about the company's own fields."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("field.defined", "An own field was defined or changed")
class FieldDefined(Fact):
    """`subject` is person, company or lead; `field` the key of the field; `options` what a choice may be."""

    subject: str
    field: str
    type: str
    options: list[str]
