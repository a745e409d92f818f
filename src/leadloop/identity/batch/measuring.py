"""What is measured in the base itself, without labels: how often strangers compare so, and how common a value is."""

from __future__ import annotations

from typing import Any

from splink import Linker

from leadloop.identity.batch.configuration import (
    COMPARISONS,
    PRIOR_DUPLICATES,
    PRIOR_PAIRS,
    PRIOR_PERSONS,
    SAMPLED_PAIRS,
    SEED,
    Level,
)
from leadloop.identity.batch.engines import Engine
from leadloop.identity.batch.settings import Unlike, linker


def all_pairs(count: int) -> float:
    """How many pairs so many people make."""
    return count * (count - 1) / 2


def least_share(count: int) -> float:
    """The share of all pairs that match where as few have a second record as we hold possible."""
    return min(0.5, 2 * PRIOR_DUPLICATES / max(1, count - 1))


def measured(engine: Engine, count: int) -> Unlike:
    """How often records of different persons stand at each level: pairs drawn at random, and what is held."""
    told = _told(engine)
    share = min(1.0, SAMPLED_PAIRS / max(1.0, all_pairs(count)))
    learning = linker(engine, lambda level: level.u, least_share(count))
    learning.training.estimate_u_using_random_sampling(SAMPLED_PAIRS, seed=SEED, min_count_per_level=None, num_chunks=1)
    found: dict[str, list[dict[str, Any]]] = {
        one["output_column_name"]: one["comparison_levels"][1:]
        for one in learning.misc.save_model_to_json()["comparisons"]
    }
    u: dict[str, float] = {}
    for one in COMPARISONS:
        pairs = share * all_pairs(told[one.name])
        counts = [
            float(seen.get("u_probability") or 0.0) * pairs + level.u * PRIOR_PAIRS
            for level, seen in zip(one.levels, found[one.name], strict=True)
        ]
        u |= {level.code: count / sum(counts) for level, count in zip(one.levels, counts, strict=True)}
    return lambda level: u[level.code]


def _told(engine: Engine) -> dict[str, int]:
    """How many people tell something, by comparison."""
    counts = ", ".join(f"count(coalesce({', '.join((*one.needs, 'null'))}))" for one in COMPARISONS)
    (row,) = engine.rows(f"select {counts} from people")
    return {one.name: told for one, told in zip(COMPARISONS, row, strict=True)}


def register_frequencies(engine: Engine, known: Linker, count: int) -> None:
    """How common each value is among others than whoever is asked; in a small base, as common as is held."""
    for level in _weighted_by_value():
        column, table = level.frequent, f"frequency_{level.frequent}"
        others = f"(count(*) - 1 + {level.u * PRIOR_PERSONS}) / {count + PRIOR_PERSONS}.0"
        engine.make(
            table, f"select {column}, {others} as tf_{column} from people where {column} is not null group by {column}"
        )
        known.table_management.register_term_frequency_lookup(engine.api.register(table), column)


def _weighted_by_value() -> list[Level]:
    return [level for one in COMPARISONS for level in one.levels if level.frequent]
