"""Money as integer minor units with its ISO 4217 currency: exact, never a float."""

from leadloop.kernel.money.amount import Money, convert
from leadloop.kernel.money.currencies import CURRENCIES, exponent
from leadloop.kernel.money.share import allocate
from leadloop.kernel.money.show import format, format_short  # noqa: A004 — read as money.format(…)

__all__ = ["CURRENCIES", "Money", "allocate", "convert", "exponent", "format", "format_short"]
