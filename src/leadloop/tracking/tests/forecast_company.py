"""An invented company for forecasts: deals with a hidden quality, columns that follow it, closing days that slip."""

from __future__ import annotations

from datetime import date

import numpy as np

from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.history import Deals, Track

PERCENTS = (10, 25, 50, 75)
ZONE = "Europe/Berlin"
START = date(2024, 7, 1)
SELLERS = 8


def company(
    *, seed: int = 3, months: int = 24, per_month: float = 45.0
) -> tuple[Deals, dict[tuple[date, date], float]]:
    """Deals, and what salespeople had committed to: (origin, month) → sum over all of them.

    A good deal moves quickly through the columns; a closing day is put off about every other time it comes near.
    Salespeople hope: each commits to what is in the last two columns, by a bias of their own.
    """
    random = np.random.default_rng(seed)
    edges = np.array(rules.edges(rules.months_from(START, months), ZONE))
    count = random.poisson(per_month * months)
    opened = np.sort(random.uniform(edges[0], edges[-1], count))
    quality = random.beta(1.2, 2.2, count)
    won = random.random(count) < quality * 0.75
    cycle = random.gamma(3.0, np.where(won, 15.0, 22.0))
    place = np.searchsorted(edges, opened + cycle) - 1
    cycle += np.where(won & (place % 3 == 1), random.uniform(0, 12, count), 0)  # wins drift to the quarter's end
    closed = np.where(opened + cycle < edges[-1], opened + cycle, np.inf)
    amount = np.round(random.lognormal(13.5, 0.8, count))
    worth = np.where(won & np.isfinite(closed), np.round(amount * random.normal(0.97, 0.04, count)), 0)
    owner = random.integers(0, SELLERS, count)
    stages = _stages(random, opened, cycle, quality, won)
    none = np.zeros(0)
    deals = Deals(
        id=np.arange(count) + 1,
        opened=opened,
        closed=closed,
        won=won & np.isfinite(closed),
        worth=worth,
        owner=owner,
        team=owner % 2,
        product=random.integers(0, 3, count),
        stage=stages,
        due=_closing_days(random, opened, cycle, stages),
        amount=Track(np.arange(count), opened, amount),
        category=Track(np.zeros(0, dtype=np.int64), none, none),
    )
    return deals, _commits(random, deals, edges)


def _stages(random: np.random.Generator, opened, cycle, quality, won) -> Track:  # type: ignore[no-untyped-def]
    """Won deals pass all columns, lost ones stop where their quality lets them."""
    rows = [(i, at, 0.0) for i, at in enumerate(opened)]
    for i in range(len(opened)):
        last = 3 if won[i] else min(3, int(quality[i] * 4 + random.random()))
        shares = np.sort(random.uniform(0.15, 0.9, 3))[:last]
        rows += [(i, opened[i] + cycle[i] * share, float(step + 1)) for step, share in enumerate(shares)]
    return _track(rows)


def _closing_days(random: np.random.Generator, opened, cycle, stages: Track) -> Track:  # type: ignore[no-untyped-def]
    """Hoped for at first, said better with every column reached, put off when it has come and gone."""
    steps = [[] for _ in opened]
    for deal, at in zip(stages.deal, stages.at, strict=True):
        steps[deal].append(at)
    rows = []
    for i, reached in enumerate(steps):
        end = opened[i] + cycle[i]
        due = opened[i] + random.uniform(20, 55)
        for at, until in zip(reached, [*reached[1:], end], strict=True):
            if at > opened[i]:
                due = max(at + 3, end + random.normal(-5, 0.4 * (end - at) + 4))
            rows.append((i, at, due))
            while due < until and random.random() < 0.8:
                late = due + random.uniform(0, 4)
                due = late + random.uniform(7, 25)
                if late < until:
                    rows.append((i, late, due))
    return _track(rows)


def _track(rows: list[tuple[int, float, float]]) -> Track:
    deal, at, value = (np.array(column) for column in zip(*sorted(rows), strict=True))
    return Track(deal.astype(np.int64), at.astype(float), value.astype(float))


def _commits(random: np.random.Generator, deals: Deals, edges) -> dict[tuple[date, date], float]:  # type: ignore[no-untyped-def]
    hope = random.uniform(0.8, 1.5, SELLERS)
    months = rules.months_from(START, len(edges) - 1)
    said = {}
    for origin, now in zip(months, edges[:-1], strict=True):
        stage = np.nan_to_num(deals.stage.last(now, len(deals)))
        due = np.nan_to_num(deals.due.last(now, len(deals)))
        there = (deals.opened <= now) & (deals.closed > now) & (stage >= 2)
        for ahead in range(min(3, len(months) - months.index(origin))):
            first, last = edges[months.index(origin) + ahead], edges[months.index(origin) + ahead + 1]
            mine = there & (due < last) & ((due >= first) | (ahead == 0))
            amount = deals.amount.last(now, len(deals))
            said[origin, months[months.index(origin) + ahead]] = float((amount * hope[deals.owner])[mine].sum())
    return said
