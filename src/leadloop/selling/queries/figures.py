"""What the columns of the board add up to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from leadloop.leads.queries import Condition
from leadloop.platform.queries import base_amounts
from leadloop.selling.sql import fetch


@dataclass(slots=True)
class Figures:
    """What a column adds up to, by currency."""

    count: int = 0
    days: int | None = None
    sums: dict[str, int] = field(default_factory=dict)


NOTHING = Figures()


def figures(reach: Condition, now: datetime) -> dict[int, Figures]:
    """Figures by column; a row without a currency carries those over all currencies."""
    found = fetch(
        f"""
        select o.stage_id, o.currency, count(*), sum(o.minor)::bigint,
               percentile_disc(0.5) within group (order by floor(extract(epoch from %s - o.stage_since) / 86400))::int
          from selling_opportunity o
         where o.state = 'open' and {reach.sql}
         group by grouping sets ((o.stage_id, o.currency), (o.stage_id))
        """,
        [now, *reach.params],
    )
    counted: dict[int, Figures] = {}
    for stage_id, currency, count, minor, days in found:
        one = counted.setdefault(stage_id, Figures())
        if currency is None:
            one.count, one.days = count, days
        else:
            one.sums[currency] = minor
    return counted


def in_base(counted: Mapping[int, Figures], today: date) -> dict[int, dict[str, int | None]]:
    """Each sum in the company's currency at today's rate; None where there is none."""
    each = [(stage_id, code, minor) for stage_id, one in counted.items() for code, minor in one.sums.items()]
    worth = base_amounts([(minor, code, today) for _, code, minor in each])
    sums: dict[int, dict[str, int | None]] = {}
    for (stage_id, code, _), minor in zip(each, worth, strict=True):
        sums.setdefault(stage_id, {})[code] = minor
    return sums
