"""The deals with their history, read from facets and from the ledger into columns. Needs numpy."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import numpy as np

from leadloop.catalogue.queries import terms
from leadloop.kernel.values import dataclass
from leadloop.platform.queries import base_amounts, company
from leadloop.tracking.forecast.cash import Due, shares
from leadloop.tracking.forecast.history import NONE, Deals, Track
from leadloop.tracking.forecast.rules import CATEGORIES, moment_of
from leadloop.tracking.forecast.simulate import Values
from leadloop.tracking.queries.reading import fetch

CASH_MONTHS = 12  # after the win

_PIPELINE = "select stage, win_percent from selling_facet_stage order by place"
_DEALS = """
select opportunity_id, state, owner_id, team_id, currency, base_minor, opened_at, closed_at
  from selling_facet_opportunity order by opportunity_id
"""
_LINES = """
select opportunity_id, product_id, quantity, minor, months, terms_id
  from selling_facet_line order by opportunity_id, line_id
"""
_FACTS = """
select opportunity_id, kind, happened_at, amount, payload ->> 'stage', payload ->> 'after', payload ->> 'close_on',
       payload #>> '{changes,close_on,1}', payload #>> '{changes,category,1}'
  from ledger_event
 where kind in ('opportunity.opened', 'opportunity.moved', 'opportunity.changed') and opportunity_id is not null
 order by happened_at, id
"""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of figures: kind and key as in `models.Figure`; `cash` columns are months after the win."""

    kind: str
    key: int = 0


@dataclass(frozen=True, slots=True)
class Book:
    """All deals, and what each adds to which column when it is won: `shares` of its worth, or `counts` of pieces.

    `percents` are the chances of the board's columns. Deals in a currency without a rate are left out, and named in
    `unconverted`.
    """

    deals: Deals
    money: tuple[Column, ...]
    units: tuple[Column, ...]
    shares: Values
    counts: Values
    percents: tuple[int, ...]
    unconverted: tuple[str, ...]


def load() -> Book:
    """Everything that is known of deals. Six queries."""
    us = company()
    percents = [(key, percent) for key, percent in fetch(_PIPELINE, {})]
    rows = fetch(_DEALS, {})
    facts = fetch(_FACTS, {})
    amounts, unconverted = _amounts(rows, facts, us.zone)
    kept = [row for row in rows if row[0] in amounts]
    place = {row[0]: i for i, row in enumerate(kept)}
    lines: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
    for line in fetch(_LINES, {}):
        if line[0] in place:
            lines[line[0]].append(line)
    deals = _deals(kept, facts, amounts, lines, place, {key: at for at, (key, _) in enumerate(percents)})
    money, units, share, count = _columns(kept, lines)
    return Book(deals, money, units, share, count, tuple(p for _, p in percents), unconverted)


def _amounts(
    rows: Sequence[tuple[Any, ...]], facts: Sequence[tuple[Any, ...]], zone: str
) -> tuple[dict[int, list[tuple[float, float]]], tuple[str, ...]]:
    """What each deal's amount was from when on, in the company's currency at the rate of that day."""
    here, currency = ZoneInfo(zone), {row[0]: row[4] for row in rows}
    sums: dict[int, int] = defaultdict(int)
    said: list[tuple[int, datetime, int]] = []
    for deal, kind, at, amount, *_ in facts:
        if deal in currency and amount is not None and (kind != "opportunity.moved"):
            sums[deal] += amount
            said.append((deal, at, sums[deal]))
    worth = base_amounts([(minor, currency[deal], at.astimezone(here).date()) for deal, at, minor in said])
    missing = {deal for (deal, *_), base in zip(said, worth, strict=True) if base is None}
    found: dict[int, list[tuple[float, float]]] = defaultdict(list)
    for (deal, at, _), base in zip(said, worth, strict=True):
        if deal not in missing and base is not None:
            found[deal].append((moment_of(at), float(base)))
    return found, tuple(sorted({currency[deal] for deal in missing}))


def _deals(
    kept: Sequence[tuple[Any, ...]],
    facts: Sequence[tuple[Any, ...]],
    amounts: Mapping[int, Sequence[tuple[float, float]]],
    lines: Mapping[int, Sequence[tuple[Any, ...]]],
    place: Mapping[int, int],
    stages: Mapping[str, int],
) -> Deals:
    told: dict[str, list[tuple[int, float, float]]] = {"stage": [], "due": [], "category": []}
    for deal, _kind, at, _amount, *said in facts:
        if deal in place:
            for name, value in _said(said, stages):
                told[name].append((place[deal], moment_of(at), value))
    return Deals(
        id=np.array([row[0] for row in kept], dtype=np.int64),
        opened=np.array([moment_of(row[6]) for row in kept], dtype=np.float64),
        closed=np.array([moment_of(row[7]) if row[7] else np.inf for row in kept], dtype=np.float64),
        won=np.array([row[1] == "won" for row in kept], dtype=np.bool_),
        worth=np.array([float(row[5] or 0) for row in kept], dtype=np.float64),
        owner=np.array([row[2] for row in kept], dtype=np.int64),
        team=np.array([NONE if row[3] is None else row[3] for row in kept], dtype=np.int64),
        product=np.array([_product(lines.get(row[0], ())) for row in kept], dtype=np.int64),
        stage=_track(told["stage"]),
        due=_track(told["due"]),
        amount=_track((place[deal], at, base) for deal in place for at, base in amounts[deal]),
        category=_track(told["category"]),
    )


def _said(said: Sequence[str | None], stages: Mapping[str, int]) -> Iterable[tuple[str, float]]:
    """What one fact says of stage, closing day and category, as numbers."""
    stage, after, close_on, closes, category = said
    if (stage or after) in stages:
        yield "stage", float(stages[stage or after or ""])
    if close_on or closes:
        day = date.fromisoformat(close_on or closes or "")
        yield "due", float((day - date(1970, 1, 1)).days) + 0.5
    if category in CATEGORIES:
        yield "category", float(CATEGORIES.index(category))


def _track(rows: Iterable[tuple[int, float, float]]) -> Track:
    held = sorted(rows, key=lambda row: row[1])
    if not held:
        return Track(np.zeros(0, dtype=np.int64), np.zeros(0), np.zeros(0))
    deal, at, value = zip(*held, strict=True)
    return Track(np.array(deal, dtype=np.int64), np.array(at), np.array(value))


def _product(lines: Sequence[tuple[Any, ...]]) -> int:
    """The product that a deal is about: that of its largest line."""
    known = [line for line in lines if line[1] is not None]
    return int(max(known, key=lambda line: line[3])[1]) if known else NONE


def _columns(
    kept: Sequence[tuple[Any, ...]], lines: Mapping[int, Sequence[tuple[Any, ...]]]
) -> tuple[tuple[Column, ...], tuple[Column, ...], Values, Values]:
    """The columns of figures, and what each deal adds to them."""
    days = {key: term.days for key, term in terms().items()}
    teams = sorted({row[3] for row in kept if row[3] is not None})
    products = sorted({line[1] for held in lines.values() for line in held if line[1] is not None})
    money = (
        Column("all"),
        *(Column("team", team) for team in teams),
        *(Column("product", product) for product in products),
        *(Column("cash", month) for month in range(CASH_MONTHS)),
    )
    units = tuple(Column("units", product) for product in products)
    at = {column: i for i, column in enumerate(money)}
    piece = {column.key: i for i, column in enumerate(units)}
    share = np.zeros((len(kept), len(money)), dtype=np.float32)
    count = np.zeros((len(kept), len(units)), dtype=np.float32)
    share[:, 0] = 1
    for i, row in enumerate(kept):
        held = lines.get(row[0], ())
        if row[3] is not None:
            share[i, at[Column("team", row[3])]] = 1
        total = sum(line[3] for line in held)
        for _, product, quantity, minor, *_rest in held:
            if product is not None and total:
                share[i, at[Column("product", product)]] += minor / total
                count[i, piece[product]] += float(quantity)
        due = [Due(line[3], line[4], days.get(line[5])) for line in held]
        share[i, -CASH_MONTHS:] = shares(due, CASH_MONTHS)
    return money, units, share, count
