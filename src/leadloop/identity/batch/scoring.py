"""How likely each two records are one person: Splink with our configuration, nothing learnt from labels.

Steps: keys, those that too many share left out; `u` and the frequency of values measured in the base; candidates
weighed; then the share of pairs that match is the one that the probabilities of all candidates add up to.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from leadloop.identity.batch.configuration import COMPARISONS
from leadloop.identity.batch.engines import Engine
from leadloop.identity.batch.measuring import all_pairs, least_share, measured, register_frequencies
from leadloop.identity.batch.settings import Unlike, linker, make_keys
from leadloop.kernel.values import dataclass

Numbers = NDArray[Any]
_FAR = -10.0  # log2 odds below which a candidate is let go at once: they add next to nothing to the share
_ROUNDS, _ENOUGH = 50, 1e-3  # in which the share settles, and how little it may still move
_MOST = 0.5  # a share above this would say that everybody is everybody


@dataclass(frozen=True, slots=True)
class Scored:
    """Pairs as columns, the lower id first. `weight` is log2 of the odds that the two are one person.

    `levels` has by comparison the place of the level at which each pair stands, -1 where one side says nothing, and
    `weights` what the comparison added. `share` is the share of all pairs that match, `compared` how many candidates
    were weighed.
    """

    low: Numbers
    high: Numbers
    weight: Numbers
    levels: Mapping[str, Numbers]
    weights: Mapping[str, Numbers]
    share: float
    compared: int


def score(engine: Engine, people: pa.Table, *, least: float) -> Scored:
    """Weigh the candidates among these people (see `table.SCHEMA`) and keep those at least so probable.

    Pairs of two who are not `fresh` are left out.
    """
    count = people.num_rows
    fresh = int(np.count_nonzero(people["fresh"].to_numpy()))
    engine.load("people", people)
    make_keys(engine)
    unlike = measured(engine, count)
    weighing = linker(engine, unlike, least_share(count))
    register_frequencies(engine, weighing, count)
    found: pa.Table = weighing.inference.predict(threshold_match_weight=_FAR).as_pyarrow_table()  # type: ignore[no-untyped-call]
    evidence = found["match_weight"].to_numpy() - log_odds(least_share(count))
    share = _share(evidence, least_share(count), all_pairs(count) - all_pairs(count - fresh))
    weight = evidence + log_odds(share)
    kept = np.flatnonzero(weight >= log_odds(least))
    rows = found.take(pa.array(kept))
    one, other = rows["id_l"].to_numpy(), rows["id_r"].to_numpy()
    levels, weights = _fields(rows, unlike)
    return Scored(np.minimum(one, other), np.maximum(one, other), weight[kept], levels, weights, share, len(evidence))


def _share(evidence: Numbers, least: float, pairs: float) -> float:
    """The share of so many pairs that the probabilities of the candidates add up to; all others are none."""
    share = least
    for _ in range(_ROUNDS):
        before = share
        expected = float((1 / (1 + np.exp2(-evidence - log_odds(share)))).sum())
        share = min(_MOST, max(least, expected / max(1.0, pairs)))
        if abs(share - before) <= before * _ENOUGH:
            break
    return share


def _fields(rows: pa.Table, unlike: Unlike) -> tuple[dict[str, Numbers], dict[str, Numbers]]:
    """Levels and weights by comparison. Splink gives each level's weight, and no two levels weigh the same."""
    levels: dict[str, Numbers] = {}
    weights: dict[str, Numbers] = {}
    for one in COMPARISONS:
        bare = rows[f"mw_{one.name}"].to_numpy()
        possible = np.array([0.0, *(math.log2(level.m / unlike(level)) for level in one.levels)])
        levels[one.name] = np.abs(bare[:, None] - possible).argmin(axis=1) - 1
        rare = f"mw_tf_adj_{one.name}"
        weights[one.name] = bare + (rows[rare].to_numpy() if rare in rows.column_names else 0.0)
    return levels, weights


def log_odds(probability: float) -> float:
    """The base-2 logarithm of the odds."""
    return math.log2(probability / (1 - probability))
