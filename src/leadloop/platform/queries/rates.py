"""What amounts are worth in the company's own currency."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import date
from decimal import Decimal

from django.db import connection

from leadloop.kernel.errors import Unavailable
from leadloop.kernel.money import Money, convert
from leadloop.platform.contracts import MissingRate, RateRow
from leadloop.platform.models import Rate

_DATED = """
select s.currency, w.currency, w.day,
       (select r.rate from platform_rate r
         where r.currency = w.currency and r.base = s.currency and r.day <= w.day
         order by r.day desc limit 1)
  from platform_setting s
  left join unnest(%s::text[], %s::date[]) as w (currency, day) on true
 where s.id = 1
"""
Wanted = tuple[str, date]


def base_amounts(amounts: Sequence[tuple[int, str, date]]) -> list[int | None]:
    """Minor units of the company's currency for each (minor units, currency, day), in the same order.

    By the newest rate on or before the day, rounded half to even; None where there is none yet. One query for
    any number of amounts. Raises Invalid for an unknown currency.
    """
    base, dated = _rates({(currency, day) for _, currency, day in amounts})
    return [_worth(Money(minor, currency), base, dated.get((currency, day))) for minor, currency, day in amounts]


def missing_rates(wanted: Iterable[Wanted]) -> list[MissingRate]:
    """Those of the (currency, day) pairs for which no rate stands, sorted. One query."""
    base, dated = _rates(set(wanted))
    return sorted(
        MissingRate(currency, day, base) for (currency, day), rate in dated.items() if rate is None and currency != base
    )


def rates(currency: str | None = None) -> list[RateRow]:
    """Rates as they stand, newest day first: of one currency or of all. One query."""
    found = Rate.objects.order_by("-day", "currency")
    if currency is not None:
        found = found.filter(currency=currency)
    return [RateRow(*row) for row in found.values_list("day", "currency", "base", "rate", "source")]


def _rates(wanted: Collection[Wanted]) -> tuple[str, dict[Wanted, Decimal | None]]:
    """Return the base currency, and the rate of each pair."""
    pairs = sorted(wanted)
    with connection.cursor() as cursor:
        cursor.execute(_DATED, [[currency for currency, _ in pairs], [day for _, day in pairs]])
        rows = cursor.fetchall()
    if not rows:
        raise Unavailable("The company's currency is not set", mend="Run leadloop up, which installs what is missing")
    return rows[0][0], {(currency, day): rate for _, currency, day, rate in rows if currency is not None}


def _worth(money: Money, base: str, rate: Decimal | None) -> int | None:
    if money.currency == base:
        return money.minor
    return None if rate is None else convert(money, rate, base).minor
