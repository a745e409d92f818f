"""Markov and Shapley credit worked out from their definitions, apart from the product: SQL on the copy, and algebra."""

from __future__ import annotations

import duckdb
import numpy as np
from numpy.typing import NDArray

from benchmarks.touched import files, touches
from leadloop.tracking.columnar.place import Folder

START, WON, LOST = "(start)", "(won)", "(lost)"
_STEPS = f"""
with step as (
    select path, programme, won,
           lag(programme, 1, '{START}') over way as before, lead(programme) over way is null as is_last
    from touch window way as (partition by path order by happened_at, inquiry_id)
),
edge as (
    select before as here, programme as there from step
    union all
    select programme, case when won then '{WON}' else '{LOST}' end from step where is_last
)
select here, there, count(*)::double from edge group by all
"""
_WINS = "select count(distinct path) from touch where won"
_SHARES = """
with channels as (select path, list(distinct programme) as who from touch where won group by path)
select one, sum(1.0 / len(who)) from channels, lateral (select unnest(who) as one) group by one
"""

Credit = dict[int | None, float]


def markov_by_removing(place: Folder) -> Credit:
    """Wins by programme in proportion to what the chain loses when a channel leads to no win any more."""
    with duckdb.connect() as duck:
        edges = duck.execute(_of(place, _STEPS)).fetchall()
        (wins,) = duck.execute(_of(place, _WINS)).fetchall()[0]
    names = sorted({name for here, there, _ in edges for name in (here, there)} - {WON, LOST})
    place_of = {name: number for number, name in enumerate((*names, WON, LOST))}
    counts = np.zeros((len(names), len(names) + 2))
    for here, there, count in edges:
        counts[place_of[here], place_of[there]] += count
    chances = counts / counts.sum(axis=1, keepdims=True)
    begin = place_of[START]
    whole = _win(chances)[begin]
    lost = {name: 1 - _win(_without(chances, place_of[name]))[begin] / whole for name in names if name != START}
    total = sum(lost.values())
    return {_programme(name): float(wins * one / total) for name, one in lost.items()}


def shapley_by_sets(place: Folder) -> Credit:
    """Wins by programme: each path's is shared alike by the set of its channels."""
    with duckdb.connect() as duck:
        return {_programme(name): float(share) for name, share in duck.execute(_of(place, _SHARES)).fetchall()}


def _win(chances: NDArray[np.float64]) -> NDArray[np.float64]:
    """The chance to win from each state; the last two columns are won and lost."""
    size = len(chances)
    return np.linalg.solve(np.eye(size) - chances[:, :size], chances[:, size])


def _without(chances: NDArray[np.float64], gone: int) -> NDArray[np.float64]:
    """The chain in which whoever comes to this channel is lost."""
    found = chances.copy()
    found[gone] = 0.0
    found[gone, -1] = 1.0
    return found


def _of(place: Folder, statement: str) -> str:
    return statement.replace("from touch", f"from ({touches(files(place))})")


def _programme(name: str) -> int | None:
    return None if name == "none" else int(name)
