"""Deals as columns, and what was known about them at any moment. Moments are days since 1970 as floats, in UTC."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from leadloop.kernel.values import dataclass

Floats = NDArray[np.float64]
Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]

NONE = -1  # no team, no product, no stage known


@dataclass(frozen=True, slots=True)
class Track:
    """What one field said from when on: rows in order of time, `deal` is the place of the deal among `Deals`."""

    deal: Ints
    at: Floats
    value: Floats

    def up_to(self, moment: float) -> Track:
        """The part that was known at a moment."""
        known = self.at <= moment
        return Track(self.deal[known], self.at[known], self.value[known])

    def last(self, moment: float, deals: int) -> Floats:
        """What it said at a moment for each of so many deals; NaN where it had said nothing yet."""
        known = self.at <= moment
        said = np.full(deals, np.nan)
        said[self.deal[known]] = self.value[known]  # of several assignments the last one stands
        return said

    def said_at(self, moment: float, deals: int) -> Floats:
        """When it last said something up to a moment, for each of so many deals; NaN where it had not."""
        known = self.at <= moment
        said = np.full(deals, np.nan)
        said[self.deal[known]] = self.at[known]
        return said


@dataclass(frozen=True, slots=True)
class Deals:
    """One entry per deal. `closed` is infinite while it is open; `worth` is what a won one brought, else 0.

    `stage` tracks places on the board, `due` the expected closing day, `amount` minor units of the company's
    currency, `category` places in `rules.CATEGORIES`. Owner, team and product are those the deal has now.
    """

    id: Ints
    opened: Floats
    closed: Floats
    won: Bools
    worth: Floats
    owner: Ints
    team: Ints
    product: Ints
    stage: Track
    due: Track
    amount: Track
    category: Track

    def __len__(self) -> int:
        """How many deals there are."""
        return len(self.id)


@dataclass(frozen=True, slots=True)
class Standing:
    """Deals as they stood at a moment; `place` says which of `Deals` they are. `due` is NaN where none was said.

    `since` is the moment the deal came into its column, `pushed` how often its closing day was put off.
    """

    at: float
    place: Ints
    stage: Floats
    due: Floats
    amount: Floats
    category: Floats
    pushed: Ints
    since: Floats


def known_at(deals: Deals, moment: float) -> Deals:
    """The deals as they were known at a moment: later ones are missing, later endings have not happened."""
    there = np.flatnonzero(deals.opened <= moment)
    new_place = np.full(len(deals), NONE)
    new_place[there] = np.arange(len(there))
    ended = deals.closed[there] <= moment

    def cut(track: Track) -> Track:
        part = track.up_to(moment)
        kept = new_place[part.deal] >= 0
        return Track(new_place[part.deal[kept]], part.at[kept], part.value[kept])

    return replace(
        deals,
        id=deals.id[there],
        opened=deals.opened[there],
        closed=np.where(ended, deals.closed[there], np.inf),
        won=deals.won[there] & ended,
        worth=np.where(ended, deals.worth[there], 0.0),
        owner=deals.owner[there],
        team=deals.team[there],
        product=deals.product[there],
        stage=cut(deals.stage),
        due=cut(deals.due),
        amount=cut(deals.amount),
        category=cut(deals.category),
    )


def standing(deals: Deals, moment: float, place: Ints | None = None) -> Standing:
    """The deals that were open at a moment, or those at `place`, as they stood then."""
    if place is None:
        place = np.flatnonzero((deals.opened <= moment) & (deals.closed > moment))
    n = len(deals)
    return Standing(
        at=moment,
        place=place,
        stage=deals.stage.last(moment, n)[place],
        due=deals.due.last(moment, n)[place],
        amount=np.nan_to_num(deals.amount.last(moment, n)[place]),
        category=np.nan_to_num(deals.category.last(moment, n)[place]),
        pushed=_pushed(deals.due, moment, n)[place],
        since=deals.stage.said_at(moment, n)[place],
    )


def won_between(deals: Deals, start: float, end: float) -> float:
    """What was won from `start` up to, but not including, `end`."""
    return float(deals.worth[deals.won & (deals.closed >= start) & (deals.closed < end)].sum())


def _pushed(due: Track, moment: float, deals: int) -> Ints:
    """How often each deal's closing day was put off."""
    known = due.up_to(moment)
    order = np.lexsort((known.at, known.deal))
    deal, day = known.deal[order], known.value[order]
    later = (deal[1:] == deal[:-1]) & (day[1:] > day[:-1])
    return np.bincount(deal[1:][later], minlength=deals).astype(np.int64)
