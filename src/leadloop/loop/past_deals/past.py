"""From rows and what they mean to deals with a past."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, time, timedelta, tzinfo
from statistics import median
from zoneinfo import ZoneInfo

from leadloop.catalogue.contracts import ProductRow
from leadloop.kernel.errors import Invalid
from leadloop.kernel.money import Money
from leadloop.kernel.values import dataclass
from leadloop.loop.past_deals.asking import AUTO
from leadloop.loop.past_deals.reading import DealFile, DealRow
from leadloop.selling.contracts import PastDeal, State

NOON = time(12)
USUAL_DAYS = 60  # to close, where no deal of the file says


@dataclass(frozen=True, slots=True, kw_only=True)
class Meanings:
    """What the texts of a file mean here."""

    products: Mapping[str, ProductRow | None]
    prices: Mapping[int, int]  # list price by product, minor units
    stages: Mapping[str, tuple[State, str]]
    owners: Mapping[str, tuple[int, int | None]]  # user and team
    companies: Mapping[str, int]


def past_deals(
    file: DealFile, meanings: Meanings, *, currency: str, zone: str, now: datetime, amounts: str = AUTO
) -> list[PastDeal]:
    """The deals as they come in. One without an opening day counts as opened on the file's last day.

    An open deal is expected to close after the time that deals of the file usually took. `amounts` is how amounts are
    written. Raises Invalid for an
    amount that can't be read, or a closed deal without a closing day.
    """
    here = ZoneInfo(zone)
    usual = _usual_days(file)
    return [
        _past(row, file.as_of, usual, meanings, currency, here, now, _minor(row, currency, amounts))
        for row in file.rows
    ]


def _past(
    row: DealRow,
    as_of: date,
    usual: int,
    meanings: Meanings,
    currency: str,
    here: tzinfo,
    now: datetime,
    said: int | None,
) -> PastDeal:
    state, stage = meanings.stages[row.stage]
    opened = row.opened or as_of
    product = meanings.products.get(row.product)
    listed = meanings.prices.get(product.id) if product else None
    if state is not State.OPEN and row.closed is None:
        raise Invalid(f"{row.key}: a closed deal needs a closing day", field="closed", mend="Correct the row")
    worth = said if said is not None and (state is not State.LOST or said) else listed or 0
    owner, team = meanings.owners[row.owner]
    is_open = state is State.OPEN
    closed = None if is_open or row.closed is None else datetime.combine(row.closed, NOON, here)
    begun = datetime.combine(opened, NOON, here)
    return PastDeal(
        key=row.key,
        name=row.name or f"{row.company or 'No company'}, {product.name if product else row.product or row.key}",
        owner_id=owner,
        team_id=team,
        company_id=meanings.companies.get(row.company),
        opened_at=min(begun, closed) if closed else begun,
        state=state,
        closed_at=closed,
        close_on=row.closed or opened + timedelta(days=usual),
        stage=stage,
        first_minor=worth if listed is None else listed,
        minor=worth,
        currency=currency,
        product_id=product.id if product else None,
        product_name=product.name if product else row.product or "Not said",
        next_step="Look at this imported deal" if is_open else "",
        next_step_at=now + timedelta(days=1) if is_open else None,
    )


def _usual_days(file: DealFile) -> int:
    took = [(row.closed - row.opened).days for row in file.rows if row.closed and row.opened]
    return int(median(took)) if took else USUAL_DAYS


def _minor(row: DealRow, currency: str, style: str) -> int | None:
    return Money.parse(row.amount, currency, style).minor if row.amount else None
