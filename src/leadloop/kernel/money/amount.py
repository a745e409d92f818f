"""The amount itself: arithmetic within one currency, and conversion at a given rate."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money.currencies import exponent
from leadloop.kernel.money.reading import read_minor
from leadloop.kernel.values import dataclass

# What a signed 64-bit column holds.
MOST_MINOR = 2**63 - 1


@dataclass(frozen=True, slots=True)
class Money:
    """``minor`` units (cents, yen, fils) of ``currency``.

    Adding, subtracting and ordering need the same currency and raise Invalid otherwise. Equality does not
    raise: amounts of different currencies are simply unequal, so that amounts can be keys.
    """

    minor: int
    currency: str

    def __post_init__(self) -> None:
        exponent(self.currency)
        if type(self.minor) is not int or abs(self.minor) > MOST_MINOR:
            raise Invalid(
                "the amount must be a whole number of minor units within 64 bits",
                field="amount",
                mend="Give cents, not euros, and no fractions of a cent",
            )

    @classmethod
    def parse(cls, text: str, currency: str, style: str = "auto") -> Money:
        """Read what a person typed: "1.234,56", "1,234.56", "€ 1 234,5", "(12.00)".

        ``style`` is "auto" or how 1234.56 would be written (see ``reading.STYLES``). In "auto", a lone
        separator before exactly three digits is ambiguous and raises Invalid, unless the currency has no
        decimals. Also raises Invalid for another currency's sign, for more decimals than the currency has
        (nothing is rounded) and for anything that is not an amount.
        """
        return cls(read_minor(text, currency, style), currency)

    @property
    def decimal(self) -> Decimal:
        """The amount in major units, exactly: 123450 EUR → Decimal("1234.50")."""
        sign, digits = (1 if self.minor < 0 else 0), tuple(int(d) for d in str(abs(self.minor)))
        return Decimal((sign, digits, -exponent(self.currency)))

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other), self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other), self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __mul__(self, times: int) -> Money:
        return Money(self.minor * times, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other)

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other)

    def __gt__(self, other: Money) -> bool:
        return self.minor > self._same(other)

    def __ge__(self, other: Money) -> bool:
        return self.minor >= self._same(other)

    def _same(self, other: Money) -> int:
        """Return the other's minor units, having made sure that the currencies agree."""
        if other.currency != self.currency:
            raise Invalid(
                f"{self.currency} and {other.currency} can't be combined",
                field="currency",
                mend="Convert one of them at a dated rate first",
            )
        return other.minor


def convert(money: Money, rate: Decimal, to: str) -> Money:
    """Return ``money`` in currency ``to``, where one major unit costs ``rate`` major units of ``to``.

    Exact up to the last step, then rounded half to even. Raises Invalid for a rate that is not above zero.
    """
    if not rate.is_finite() or rate <= 0:
        raise Invalid("the rate must be above zero", field="rate", mend="Enter the rate of that day")
    shift = Fraction(10) ** (exponent(to) - exponent(money.currency))
    return Money(round(money.minor * Fraction(rate) * shift), to)
