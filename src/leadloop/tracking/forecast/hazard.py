"""Chances by the week: how likely something ends in a week, given that it has not ended before.

Discrete-time competing hazards (a deal is won or lost) by ridge-penalised logistic regression on person-period rows,
as in Singer and Willett (2003). Every covariate is a code, so the design is ones and zeros; it is never written out:
products with it are sums over codes, and of pairs of codes.
"""

from __future__ import annotations

from collections.abc import Mapping
from itertools import combinations_with_replacement

import numpy as np

from leadloop.kernel.values import dataclass
from leadloop.tracking.forecast.history import Floats, Ints

RIDGE = 4.0  # a code must be seen about this often before it counts
ROUNDS = 15
SMALL = 1e-3  # of the loss
HALVINGS = 12
MOST = 0.98  # of the open deals may end in one week

Codes = Mapping[str, Ints]


@dataclass(frozen=True, slots=True)
class Design:
    """Where each code of each covariate stands among the columns; column 0 is the constant."""

    start: Mapping[str, int]
    size: Mapping[str, int]
    width: int

    @classmethod
    def of(cls, sizes: Mapping[str, int]) -> Design:
        """A design for covariates with so many codes each."""
        start, place = {}, 1
        for name, size in sizes.items():
            start[name] = place
            place += size
        return cls(start, dict(sizes), place)

    def columns(self, codes: Codes) -> Ints:
        """Which columns are one, covariates × rows: the constant, then a column for each covariate. A code outside the
        known ones has the column `width`, which counts as none."""
        rows = len(next(iter(codes.values())))
        made = np.zeros((1 + len(self.start), rows), dtype=np.int64)
        for place, (name, start) in enumerate(self.start.items(), start=1):
            code = codes[name]
            made[place] = np.where((code >= 0) & (code < self.size[name]), start + code, self.width)
        return made


@dataclass(frozen=True, slots=True)
class Hazards:
    """Weekly chances of winning and losing, as functions of codes."""

    design: Design
    win: Floats
    lose: Floats

    def chances(self, codes: Codes, odds: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Chance to be won and to be lost in the week, together at most MOST; `odds` multiplies those of winning."""
        columns = self.design.columns(codes)
        win, lose = _expit(_at(columns, self.win)), _expit(_at(columns, self.lose))
        win = win * odds / (1 - win + win * odds)
        over = np.maximum(1.0, (win + lose) / MOST)
        return win / over, lose / over


def fit(design: Design, codes: Codes, won: Floats, lost: Floats, weight: Floats) -> Hazards:
    """Hazards from rows of weeks: whether it was won or lost then (0 or 1), and how much the row counts."""
    cells, cell = _cells(design, codes)
    total = np.bincount(cell, weight).astype(np.float64)
    columns = design.columns(cells)
    wins, losses = (np.bincount(cell, weight * ended) / np.maximum(total, 1e-12) for ended in (won, lost))
    width = design.width
    return Hazards(design, _logistic(columns, wins, total, width), _logistic(columns, losses, total, width))


def _cells(design: Design, codes: Codes) -> tuple[Codes, Ints]:
    """Each combination of codes once, and which one every row has."""
    key = np.zeros(len(next(iter(codes.values()))), dtype=np.int64)
    for name, size in design.size.items():
        key = key * (size + 1) + np.clip(codes[name], -1, size - 1) + 1
    _, first, cell = np.unique(key, return_index=True, return_inverse=True)
    return {name: codes[name][first] for name in design.size}, cell


def incidence(win: Floats, lose: Floats) -> tuple[Floats, Floats]:
    """Chance to have been won by the end of each week, and to be open still, from weekly chances (rows × weeks)."""
    stays: Floats = np.cumprod(1.0 - win - lose, axis=1, dtype=np.float64)
    before = np.hstack([np.ones((len(stays), 1)), stays[:, :-1]])
    won_by: Floats = np.cumsum(before * win, axis=1, dtype=np.float64)
    return won_by, stays


def _logistic(columns: Ints, y: Floats, weight: Floats, width: int) -> Floats:
    """Newton's method with a ridge on everything but the constant, which starts at the overall rate."""
    beta = np.zeros(width)
    rate = (float(weight @ y) + 0.01) / (float(weight.sum()) + 1.0)
    beta[0] = np.log(rate / (1 - rate))
    ridge = np.full(width, RIDGE)
    ridge[0] = 1e-3
    loss = _loss(columns, y, weight, ridge, beta)
    for _ in range(ROUNDS):
        p = _expit(_at(columns, beta))
        gradient = _sums(columns, weight * (y - p), width) - ridge * beta
        step = np.linalg.solve(_pairs(columns, weight * p * (1 - p), width) + np.diag(ridge), gradient)
        for _ in range(HALVINGS):
            new = _loss(columns, y, weight, ridge, beta + step)
            if new <= loss:
                break
            step /= 2
        beta, before, loss = beta + step, loss, new
        if before - loss < SMALL:
            break
    return beta


def _at(columns: Ints, beta: Floats) -> Floats:
    """The design times beta."""
    known = np.append(beta, 0.0)
    return np.asarray(known[columns].sum(axis=0), dtype=np.float64)


def _sums(columns: Ints, value: Floats, width: int) -> Floats:
    """A value per row times the design."""
    found = sum(np.bincount(column, value, minlength=width + 1) for column in columns)
    return np.asarray(found, dtype=np.float64)[:width]


def _pairs(columns: Ints, value: Floats, width: int) -> Floats:
    """The design's columns multiplied with each other, each row counting `value`."""
    found = np.zeros((width + 1) ** 2)
    for left, right in combinations_with_replacement(columns, 2):
        found += np.bincount(left * (width + 1) + right, value, minlength=len(found)) * (0.5 if left is right else 1.0)
    square = found.reshape(width + 1, width + 1)[:width, :width]
    return np.asarray(square + square.T, dtype=np.float64)


def _loss(columns: Ints, y: Floats, weight: Floats, ridge: Floats, beta: Floats) -> float:
    """Penalised negative log likelihood."""
    at = _at(columns, beta)
    return float(weight @ (np.logaddexp(0, at) - y * at) + 0.5 * ridge @ beta**2)


def _expit(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))
