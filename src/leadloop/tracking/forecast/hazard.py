"""Chances by the week: how likely something ends in a week, given that it has not ended before.

Discrete-time competing hazards (a deal is won or lost) by ridge-penalised logistic regression on person-period rows,
as in Singer and Willett (2003). Every covariate is a code, so the design is ones and zeros.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

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

    def matrix(self, codes: Codes) -> Floats:
        """Ones and zeros, one row per entry; a code outside the known ones counts as none."""
        rows = len(next(iter(codes.values())))
        made = np.zeros((rows, self.width))
        made[:, 0] = 1
        for name, start in self.start.items():
            code = codes[name]
            known = np.flatnonzero((code >= 0) & (code < self.size[name]))
            made[known, start + code[known]] = 1
        return made


@dataclass(frozen=True, slots=True)
class Hazards:
    """Weekly chances of winning and losing, as functions of codes."""

    design: Design
    win: Floats
    lose: Floats

    def chances(self, codes: Codes, odds: Floats | float = 1.0) -> tuple[Floats, Floats]:
        """Chance to be won and to be lost in the week, together at most MOST; `odds` multiplies those of winning."""
        x = self.design.matrix(codes)
        win, lose = _expit(x @ self.win), _expit(x @ self.lose)
        win = win * odds / (1 - win + win * odds)
        over = np.maximum(1.0, (win + lose) / MOST)
        return win / over, lose / over


def fit(design: Design, codes: Codes, won: Floats, lost: Floats, weight: Floats) -> Hazards:
    """Hazards from rows of weeks: whether it was won or lost then (0 or 1), and how much the row counts."""
    cells, cell = _cells(design, codes)
    total = np.bincount(cell, weight).astype(np.float64)
    x = design.matrix(cells)
    wins, losses = (np.bincount(cell, weight * ended) / np.maximum(total, 1e-12) for ended in (won, lost))
    return Hazards(design, _logistic(x, wins, total), _logistic(x, losses, total))


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


def _logistic(x: Floats, y: Floats, weight: Floats) -> Floats:
    """Newton's method with a ridge on everything but the constant, which starts at the overall rate."""
    beta = np.zeros(x.shape[1])
    rate = (float(weight @ y) + 0.01) / (float(weight.sum()) + 1.0)
    beta[0] = np.log(rate / (1 - rate))
    ridge = np.full(len(beta), RIDGE)
    ridge[0] = 1e-3
    loss = _loss(x, y, weight, ridge, beta)
    for _ in range(ROUNDS):
        p = _expit(x @ beta)
        gradient = (weight * (y - p)) @ x - ridge * beta
        curve = (x * (weight * p * (1 - p))[:, None]).T @ x + np.diag(ridge)
        step = np.linalg.solve(curve, gradient)
        for _ in range(HALVINGS):
            new = _loss(x, y, weight, ridge, beta + step)
            if new <= loss:
                break
            step /= 2
        beta, before, loss = beta + step, loss, new
        if before - loss < SMALL:
            break
    return beta


def _loss(x: Floats, y: Floats, weight: Floats, ridge: Floats, beta: Floats) -> float:
    """Penalised negative log likelihood."""
    at = x @ beta
    return float(weight @ (np.logaddexp(0, at) - y * at) + 0.5 * ridge @ beta**2)


def _expit(x: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(x, -30.0, 30.0)))
