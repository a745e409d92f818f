"""Amounts: arithmetic within a currency, sharing out, converting."""

from decimal import Decimal
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money, allocate, convert, exponent

minors = st.integers(-(10**15), 10**15)
currencies = st.sampled_from(["EUR", "USD", "JPY", "KWD"])
weights = st.lists(
    st.one_of(
        st.integers(0, 10**6),
        st.fractions(0, 1000, max_denominator=10**4),
        st.floats(0, 1e6, allow_nan=False),
    ),
    min_size=1,
    max_size=30,
).filter(any)


def test_currencies_have_their_decimals():
    assert [exponent(code) for code in ("JPY", "EUR", "KWD")] == [0, 2, 3]


@pytest.mark.parametrize("code", ["eur", "EURO", "", "XXX", "CLF", None])
def test_an_unknown_currency_is_refused(code):
    with pytest.raises(Invalid) as refusal:
        Money(1, code)
    assert refusal.value.field == "currency"
    assert refusal.value.mend


@pytest.mark.parametrize("minor", [1.0, "1", True, 2**63, -(2**63), None])
def test_only_whole_minor_units_within_64_bits_are_an_amount(minor):
    with pytest.raises(Invalid):
        Money(minor, "EUR")


def test_amounts_of_one_currency_add_subtract_and_compare():
    three, two = Money(300, "EUR"), Money(200, "EUR")
    assert three + two == Money(500, "EUR")
    assert two - three == -Money(100, "EUR")
    assert three * 2 == Money(600, "EUR")
    assert two < three
    assert two <= two
    assert three > two
    assert three >= two
    assert max(two, three) is three


def test_amounts_of_two_currencies_are_unequal_and_do_not_mix():
    euro, dollar = Money(100, "EUR"), Money(100, "USD")
    assert euro != dollar
    assert len({euro, dollar}) == 2
    for mix in (
        lambda: euro + dollar,
        lambda: euro - dollar,
        lambda: euro < dollar,
        lambda: euro <= dollar,
        lambda: euro > dollar,
        lambda: euro >= dollar,
    ):
        with pytest.raises(Invalid, match="can't be combined"):
            mix()


@pytest.mark.parametrize(
    ("money", "decimal"),
    [
        (Money(123450, "EUR"), "1234.50"),
        (Money(-5, "EUR"), "-0.05"),
        (Money(1234, "JPY"), "1234"),
        (Money(1234, "KWD"), "1.234"),
        (Money(0, "EUR"), "0.00"),
    ],
)
def test_the_amount_in_major_units(money, decimal):
    assert str(money.decimal) == decimal


@pytest.mark.parametrize(
    ("minor", "shares", "parts"),
    [
        (100, [1, 1, 1], [34, 33, 33]),
        (101, [1, 1, 1], [34, 34, 33]),
        (-100, [1, 1, 1], [-34, -33, -33]),
        (5, [0, 1, 0], [0, 5, 0]),
        (1, [1, 3], [0, 1]),
        (10, [0.5, 0.25, 0.25], [5, 3, 2]),
        (100, [Fraction(1, 3), Fraction(2, 3)], [33, 67]),
        (0, [1, 2], [0, 0]),
        (7, [1e-300, 1e300], [0, 7]),
    ],
)
def test_sharing_out_by_hand(minor, shares, parts):
    assert allocate(minor, shares) == parts


@given(minors, weights)
def test_the_parts_are_the_whole_and_each_is_within_a_unit_of_its_share(minor, shares):
    parts = allocate(minor, shares)
    total = sum(Fraction(share) for share in shares)
    assert sum(parts) == minor
    for part, share in zip(parts, shares, strict=True):
        assert abs(part - minor * Fraction(share) / total) < 1
        assert share or part == 0


@given(minors, weights, st.integers(1, 1000))
def test_only_the_proportion_of_the_weights_counts(minor, shares, factor):
    exact = [Fraction(share) for share in shares]
    assert allocate(minor, exact) == allocate(minor, [share * factor for share in exact])


@pytest.mark.parametrize("shares", [[], [0, 0], [1, -1], [float("nan")], [float("inf"), 1]])
def test_weights_that_share_nothing_are_refused(shares):
    with pytest.raises(Invalid) as refusal:
        allocate(100, shares)
    assert refusal.value.field == "weights"


@pytest.mark.parametrize(
    ("money", "rate", "to", "expected"),
    [
        (Money(10000, "EUR"), "1.0845", "USD", 10845),
        (Money(10000, "EUR"), "161.37", "JPY", 16137),
        (Money(1000, "JPY"), "0.0062", "EUR", 620),
        (Money(1000, "KWD"), "3.2491", "USD", 325),
        (Money(1000, "USD"), "0.3078", "KWD", 3078),
        (Money(1, "EUR"), "0.5", "USD", 0),  # half to even, down
        (Money(3, "EUR"), "0.5", "USD", 2),  # half to even, up
        (Money(-3, "EUR"), "0.5", "USD", -2),
    ],
)
def test_converting_at_a_rate(money, rate, to, expected):
    assert convert(money, Decimal(rate), to) == Money(expected, to)


@given(minors, currencies)
def test_converting_at_one_into_the_same_currency_changes_nothing(minor, currency):
    assert convert(Money(minor, currency), Decimal(1), currency) == Money(minor, currency)


@pytest.mark.parametrize("rate", ["0", "-1", "NaN", "Infinity"])
def test_a_rate_that_is_none_is_refused(rate):
    with pytest.raises(Invalid, match="above zero"):
        convert(Money(100, "EUR"), Decimal(rate), "USD")
