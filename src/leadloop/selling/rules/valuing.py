"""What lines and deals are worth, in whole minor units."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from fractions import Fraction
from typing import NamedTuple, Protocol

from leadloop.kernel.errors import Invalid

YEAR = 12  # months
MOST = 2**63 - 1  # what the column of an amount holds
MOST_QUANTITY = Decimal("99999999999.999")


class Priced(Protocol):
    """What a line must tell to be worth something."""

    @property
    def quantity(self) -> Decimal: ...
    @property
    def unit_minor(self) -> int: ...
    @property
    def months(self) -> int | None: ...


class Worth(NamedTuple):
    """`tcv`: all that the contract brings. `acv`: what its recurring lines bring within a year."""

    acv: int
    tcv: int


def line_total(line: Priced) -> int:
    """Quantity × unit × months of the term, one-off lines without a term; rounded half to even."""
    return _times(line, line.months or 1)


def worth(lines: Iterable[Priced]) -> Worth:
    """Annual and total contract value.

    ACV counts the recurring part of at most twelve months, so a shorter term counts whole; one-off lines are only
    in the TCV. Every line is rounded by itself, as on an invoice, so that the sum of what is shown is the total.
    """
    held = list(lines)
    yearly = sum(_times(line, min(line.months, YEAR)) for line in held if line.months)
    return Worth(yearly, sum(map(line_total, held)))


def weighted(minor: int, percent: int) -> int:
    """The amount times the win chance of its stage, rounded half to even."""
    return round(Fraction(minor * percent, 100))


def check_line(line: Priced) -> None:
    """Raise Invalid for a line that can't be priced."""
    if not line.quantity.is_finite() or not 0 < line.quantity <= MOST_QUANTITY:
        raise Invalid("A quantity is above zero", field="quantity", mend="Remove the line if nothing is sold")
    if line.quantity != round(line.quantity, 3):
        raise Invalid("A quantity has at most three decimals", field="quantity", mend="Round it")
    if line.unit_minor < 0:
        raise Invalid("A price is not below zero", field="unit_minor", mend="Lower the price of another line instead")
    if line.months is not None and not 0 < line.months <= 600:
        raise Invalid("A term is 1 to 600 months", field="months", mend="Leave it empty for something one-off")
    if line_total(line) > MOST:
        raise Invalid("The line is worth more than can be counted", field="unit_minor", mend="Check the price")


def _times(line: Priced, months: int) -> int:
    return round(Fraction(line.quantity) * line.unit_minor * months)
