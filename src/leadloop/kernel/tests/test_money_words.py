"""Reading amounts that people type, and showing amounts to them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money, format, format_short  # noqa: A004
from leadloop.kernel.money.reading import STYLES


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("1234.56", "EUR", 123456),
        ("1,234.56", "EUR", 123456),
        ("1.234,56", "EUR", 123456),
        ("€ 1 234,5", "EUR", 123450),
        ("1\u202f234,56\u00a0€", "EUR", 123456),
        ("1'234.50 CHF", "CHF", 123450),
        ("CHF 1’234", "CHF", 123400),
        ("12,5", "EUR", 1250),
        ("12.50", "EUR", 1250),
        ("12.5000", "EUR", 1250),
        ("1.234.567", "EUR", 123456700),
        ("1,234,567.8", "EUR", 123456780),
        ("12,34,567.89", "INR", 123456789),
        ("1234", "EUR", 123400),
        ("1 234", "EUR", 123400),
        ("0", "EUR", 0),
        ("0.05", "EUR", 5),
        (".5", "EUR", 50),
        ("-1.50", "EUR", -150),
        ("\u22121.50", "EUR", -150),
        ("1.50-", "EUR", -150),
        ("(1.50)", "EUR", -150),
        ("-€1.50", "EUR", -150),
        ("€-1.50", "EUR", -150),
        ("+5", "EUR", 500),
        ("$12", "USD", 1200),
        ("US$12", "USD", 1200),
        ("$12", "CAD", 1200),
        ("usd 12", "USD", 1200),
        ("1.234", "JPY", 1234),
        ("1,234", "JPY", 1234),
        ("¥1,234,567", "JPY", 1234567),
        ("1.2345", "KWD", None),
        ("12.345", "KWD", None),
        ("1234.567", "KWD", 1234567),
        ("0.234", "KWD", 234),
    ],
)
def test_amounts_as_people_write_them(text, currency, minor):
    if minor is None:
        with pytest.raises(Invalid):
            Money.parse(text, currency)
    else:
        assert Money.parse(text, currency) == Money(minor, currency)


@pytest.mark.parametrize("text", ["1.234", "1,234", "-12.345", "€ 999,000"])
def test_an_amount_that_reads_in_two_ways_is_asked_about(text):
    with pytest.raises(Invalid, match="two ways") as refusal:
        Money.parse(text, "EUR")
    assert "number style" in refusal.value.mend


@pytest.mark.parametrize(
    ("text", "style", "minor"),
    [
        ("1.234", "1.234,56", 123400),
        ("1,234", "1,234.56", 123400),
        ("1,23", "1.234,56", 123),
        ("1.23", "1,234.56", 123),
        ("1 234,5", "1 234,56", 123450),
        ("1 234.5", "1 234.56", 123450),
        ("1’234.5", "1'234.56", 123450),
        ("1234,5", "1234,56", 123450),
        ("1234.5", "1234.56", 123450),
    ],
)
def test_a_stated_style_settles_it(text, style, minor):
    assert Money.parse(text, "EUR", style) == Money(minor, "EUR")


@pytest.mark.parametrize(
    ("text", "style"),
    [
        ("", "auto"),
        ("  ", "auto"),
        ("€", "auto"),
        ("abc", "auto"),
        ("12.5k", "auto"),
        ("1e5", "auto"),
        ("NaN", "auto"),
        ("0x10", "auto"),
        ("5²", "auto"),
        ("١٢", "auto"),
        ("1.2.3", "auto"),
        ("1,23,4", "auto"),
        ("1,234.56.78", "auto"),
        ("1.234,567.89", "auto"),
        ("1 23", "auto"),
        ("12.345,678", "auto"),
        ("0.001", "auto"),
        ("1.234567", "auto"),
        ("--5", "auto"),
        ("(5", "auto"),
        ("12 USD", "auto"),
        ("$12", "auto"),
        ("1" * 40, "auto"),
        ("1" * 100_000, "auto"),
        ("1,234.56", "1.234,56"),
        ("1.23", "1.234,56"),
        ("1,234", "1234.56"),
        ("12", "strange"),
    ],
)
def test_what_is_no_amount_in_euros_is_refused_with_advice(text, style):
    with pytest.raises(Invalid) as refusal:
        Money.parse(text, "EUR", style)
    assert refusal.value.mend
    assert len(str(refusal.value)) < 300


def test_more_than_64_bits_of_cents_are_refused():
    with pytest.raises(Invalid, match="64 bits"):
        Money.parse("99999999999999999999", "EUR")


@given(st.integers(-(10**12), 10**12), st.sampled_from(["EUR", "JPY", "KWD"]), st.sampled_from(sorted(STYLES)))
def test_what_is_written_in_a_style_is_read_in_it(minor, currency, style):
    group, point = STYLES[style]
    money = Money(minor, currency)
    written = f"{money.decimal:,}".translate({ord(","): group, ord("."): point})
    assert Money.parse(written, currency, style) == money


@given(st.integers(-(10**12), 10**12), st.sampled_from(["en", "de", "de-AT", "fr", "nl", "sv"]))
def test_what_is_shown_can_be_typed_back(minor, locale):
    money = Money(minor, "EUR")
    assert Money.parse(format(money, locale), "EUR") == money


@given(st.text(alphabet="0123456789.,' -()€+", max_size=12))
def test_reading_gives_an_amount_or_an_answerable_error(text):
    try:
        outcome = Money.parse(text, "EUR").currency
    except Invalid as refusal:
        outcome = refusal.mend
    assert outcome


@pytest.mark.parametrize(
    ("money", "locale", "shown"),
    [
        (Money(123450, "EUR"), "en", "€1,234.50"),
        (Money(-123450, "EUR"), "en", "-€1,234.50"),
        (Money(123450, "EUR"), "de", "1.234,50\u00a0€"),
        (Money(-123450, "EUR"), "de-DE", "-1.234,50\u00a0€"),
        (Money(123450, "EUR"), "fr", "1\u202f234,50\u00a0€"),
        (Money(123450, "CHF"), "de-CH", "1’234.50\u00a0CHF"),
        (Money(123450, "CHF"), "en", "CHF\u00a01,234.50"),
        (Money(123450, "USD"), "en-GB", "$1,234.50"),
        (Money(123450, "USD"), "tlh", "$1,234.50"),
        (Money(1234567, "JPY"), "en", "¥1,234,567"),
        (Money(1234567, "KWD"), "en", "KWD\u00a01,234.567"),
        (Money(0, "EUR"), "en", "€0.00"),
    ],
)
def test_amounts_shown_in_full(money, locale, shown):
    assert format(money, locale) == shown


@pytest.mark.parametrize(
    ("minor", "shown"),
    [
        (0, "€0"),
        (1250, "€13"),
        (95_000, "€950"),
        (99_949, "€999"),
        (99_950, "€1k"),
        (14_850_000, "€148.5k"),
        (1_200_000, "€12k"),
        (99_994_999, "€999.9k"),
        (99_995_000, "€1M"),
        (120_000_000, "€1.2M"),
        (99_994_999_999, "€999.9M"),
        (99_995_000_000, "€1bn"),
        (123_456_789_000_000, "€1,234.6bn"),
        (-14_850_000, "-€148.5k"),
    ],
)
def test_amounts_shown_short(minor, shown):
    assert format_short(Money(minor, "EUR")) == shown


def test_short_amounts_follow_the_locale():
    assert format_short(Money(14_850_000, "EUR"), "de") == "148,5k\u00a0€"
