"""Dated exchange rates."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal

from django.db import connection, transaction

from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import exponent
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.platform.contracts import RateIn
from leadloop.platform.facts import RateSet
from leadloop.platform.queries import company

_DECIMALS, _BELOW = Decimal("1e-10"), Decimal("1e10")
_UPSERT = """
insert into platform_rate (day, currency, base, rate, source)
select day, currency, %s, rate, source
  from unnest(%s::date[], %s::text[], %s::numeric[], %s::text[]) as f (day, currency, rate, source)
 order by currency, day
    on conflict (currency, base, day) do update set rate = excluded.rate, source = excluded.source
       where platform_rate.rate is distinct from excluded.rate
returning day, currency, rate
"""


def set_rate(*, rates: Sequence[RateIn], actor: Actor, now: datetime) -> int:
    """Set what one unit of a currency was worth on a day; returns how many rates are new or different.

    Amounts that were worked out before stay as they are. Raises Invalid for an unknown currency, the company's own,
    or a rate that can't be. Three queries for any number.
    """
    base = company().currency
    last = {(rate.currency, rate.day): rate for rate in rates}
    given = [_checked(rate, base) for rate in last.values()]
    if not given:
        return 0
    with transaction.atomic(), connection.cursor() as cursor:
        columns = [list(column) for column in zip(*((r.day, r.currency, r.rate, r.source) for r in given), strict=True)]
        cursor.execute(_UPSERT, [base, *columns])
        changed = cursor.fetchall()
        record(
            [
                RateSet(happened_at=now, of=currency, base=base, day=day.isoformat(), rate=str(rate.normalize()))
                for day, currency, rate in changed
            ],
            actor=actor,
        )
    return len(changed)


def _checked(rate: RateIn, base: str) -> RateIn:
    exponent(rate.currency)
    if rate.currency == base:
        raise Invalid(f"{base} is the company's own currency", field="currency", mend="Leave it out; it needs no rate")
    if not rate.rate.is_finite() or not 0 < rate.rate < _BELOW or rate.rate % _DECIMALS:
        raise Invalid("This can't be a rate", field="rate", mend="Give a number above zero with at most ten decimals")
    return rate
