"""Bringing in what advertising cost: each campaign and day once, however often its file comes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import IntegrityError, transaction

from leadloop.kernel.errors import Conflict
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.platform.queries import base_amounts
from leadloop.programmes.ads import AdRow
from leadloop.programmes.contracts import CostKind, Spend
from leadloop.programmes.models import AdDay
from leadloop.programmes.services.costs import spend


@dataclass(frozen=True, slots=True)
class AdsBooked:
    """How many days of campaigns were new and were there already, and what is wrong with others, by line."""

    new: int
    same: int
    wrong: tuple[tuple[int, str], ...]


def plan_ads(*, rows: Sequence[AdRow], programme_of: Mapping[str, int]) -> tuple[list[AdRow], AdsBooked]:
    """Say what booking these would do: the rows that are new, and the counts. Two queries.

    `programme_of` names the programme of a campaign. Left out, with the reason, are campaigns without one, days that
    were booked with another amount, and days without a rate.
    """
    known = _known(rows)
    worth = base_amounts([(row.minor, row.currency, row.day) for row in rows])
    new, same, wrong = [], 0, []
    for row, base in zip(rows, worth, strict=True):
        before = known.get((row.campaign.casefold(), row.day, row.currency))
        if before is not None and before == row.minor:
            same += 1
        elif before is not None:
            wrong.append((row.line, f"{row.campaign} of {row.day} was booked with another amount; correct that line"))
        elif row.campaign not in programme_of:
            wrong.append((row.line, f"{row.campaign} belongs to no programme"))
        elif base is None:
            wrong.append((row.line, f"There is no rate for {row.currency} on or before {row.day}"))
        else:
            new.append(row)
    return new, AdsBooked(len(new), same, tuple(wrong))


def book_ads(*, rows: Sequence[AdRow], programme_of: Mapping[str, int], actor: Actor, now: datetime) -> AdsBooked:
    """Book what is new into the cost book as media; a second time nothing changes. See `plan_ads` for what is left out.

    Raises Conflict when the same days come in at the same moment twice. A constant number of queries.
    """
    try:
        with transaction.atomic():
            new, booked = plan_ads(rows=rows, programme_of=programme_of)
            paid = [row for row in new if row.minor]
            spends = [
                Spend(
                    minor=row.minor,
                    currency=row.currency,
                    kind=CostKind.MEDIA,
                    booked_on=row.day,
                    programme_id=programme_of[row.campaign],
                    note=f"Advertising: {row.campaign}"[:200],
                )
                for row in paid
            ]
            costs = dict(zip([row.line for row in paid], spend(spends=spends, actor=actor, now=now), strict=True))
            AdDay.objects.bulk_create(_day(row, programme_of[row.campaign], costs.get(row.line)) for row in new)
    except IntegrityError:
        raise Conflict("Somebody brings in the same days at this moment", mend="Bring the file in once more") from None
    return booked


def _known(rows: Sequence[AdRow]) -> dict[tuple[str, object, str], int]:
    if not rows:
        return {}
    days = [row.day for row in rows]
    found = AdDay.objects.filter(day__range=(min(days), max(days)))
    return {(name.casefold(), day, code): minor for name, day, code, minor in found.values_list(*_KEY, "minor")}


_KEY = ("campaign", "day", "currency")


def _day(row: AdRow, programme_id: int, cost_id: int | None) -> AdDay:
    return AdDay(
        programme_id=programme_id,
        campaign=row.campaign,
        day=row.day,
        currency=row.currency,
        minor=row.minor,
        clicks=row.clicks,
        impressions=row.impressions,
        cost_id=cost_id,
    )
