"""How a column writes its days and amounts: one reading for all of it, and asking where two are possible."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.capture.parse.dates import EXAMPLES, Style, possible
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money

AUTO = "auto"
_IN_DOUBT = ("1,234.56", "1.234,56")


def date_style(texts: Collection[str], column: str, said: str | None) -> Style | None:
    """The style in which all of a column's days can be read; None where they are no days, which their rows will tell.

    Raises Invalid when more than one style fits and none was said.
    """
    fitting = possible(texts) if texts else set()
    if said in fitting:
        return Style(said)
    if len(fitting) > 1:
        named = "; ".join(f"{style} ({EXAMPLES[style]})" for style in sorted(fitting))
        sample = next(iter(texts))
        raise Invalid(
            f"“{sample}” in the column “{column}” can be read in more than one way",
            field="date_style",
            mend=f"Say --date-style, one of: {named}",
        )
    return next(iter(fitting), None)


def amount_style(texts: Collection[str], currency: str, said: str | None) -> str:
    """The style in which a column's amounts are read, "auto" where each says so itself.

    Raises Invalid when “1.234” may be either and none was said.
    """
    if said is not None:
        return said
    doubted = next((text for text in texts if not _reads(text, currency, AUTO)), None)
    if doubted is None:
        return AUTO
    fitting = [style for style in _IN_DOUBT if all(_reads(text, currency, style) for text in texts)]
    if len(fitting) > 1:
        ways = "; ".join(f"{style} makes it {Money.parse(doubted, currency, style).decimal:f}" for style in fitting)
        raise Invalid(
            f"the amount “{doubted}” can be read in more than one way",
            field="amounts",
            mend=f"Say --amounts, how 1234.56 would be written: {ways}",
        )
    return fitting[0] if fitting else AUTO


def _reads(text: str, currency: str, style: str) -> bool:
    try:
        Money.parse(text, currency, style)
    except Invalid:
        return False
    return True
