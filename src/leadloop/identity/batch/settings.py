"""The configuration in the words of Splink."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

from splink import Linker

from leadloop.identity.batch.configuration import COMPARISONS, KEYS, LARGEST_BLOCK, Comparison, Level
from leadloop.identity.batch.engines import Engine
from leadloop.identity.batch.table import COLUMNS

Unlike = Callable[[Level], float]  # a level's `u`

logging.getLogger("splink").setLevel(logging.ERROR)  # it tells of every step, and warns of fields that nobody fills


def make_keys(engine: Engine) -> None:
    """Make the table "keyed": people with a column for each key; keys that tell nobody apart are null."""
    made = ", ".join(f"{sql} as key_{name}" for name, sql in KEYS.items())
    engine.make("keyed_all", f"select people.*, {made} from people")
    counted = (
        f"select '{name}' as name, key_{name} as shared from keyed_all where key_{name} is not null"
        f" group by key_{name} having count(*) > {LARGEST_BLOCK}"
        for name in KEYS
    )
    engine.make("common", " union all ".join(counted))
    common = {name for (name,) in engine.rows("select distinct name from common")}
    kept = ", ".join(
        f"case when c_{name}.shared is null then key_{name} end as key_{name}" if name in common else f"key_{name}"
        for name in KEYS
    )
    joined = "".join(
        f" left join (select shared from common where name = '{name}') c_{name} on c_{name}.shared = key_{name}"
        for name in sorted(common)
    )
    engine.make("keyed", f"select {', '.join(COLUMNS)}, {kept} from keyed_all{joined}")


def linker(engine: Engine, unlike: Unlike, share: float) -> Linker:
    """Splink on the table "keyed", with these `u` and this share of pairs that match."""
    settings = {
        "link_type": "dedupe_only",
        "unique_id_column_name": "id",
        "probability_two_random_records_match": share,
        "comparisons": [_comparison(engine, one, unlike) for one in COMPARISONS],
        "blocking_rules_to_generate_predictions": [
            f"l.key_{name} = r.key_{name} and (l.fresh or r.fresh)" for name in KEYS
        ],
        "retain_matching_columns": False,
        "retain_intermediate_calculation_columns": True,
    }
    return Linker(engine.api.register("keyed"), settings, log_level=None, validate_settings=False)


def _comparison(engine: Engine, one: Comparison, unlike: Unlike) -> dict[str, Any]:
    untold = " and ".join(f"({need}_l is null or {need}_r is null)" for need in one.needs)
    if one.unless:
        untold = f"({untold}) or ({one.unless.format(**engine.words)})"
    null = {"sql_condition": untold, "label_for_charts": "untold", "is_null_level": True}
    return {
        "output_column_name": one.name,
        "comparison_levels": [null, *(_level(engine, level, unlike(level)) for level in one.levels)],
    }


def _level(engine: Engine, level: Level, u: float) -> dict[str, Any]:
    said = {
        "sql_condition": level.when.format(**engine.words) or "ELSE",
        "label_for_charts": level.says,
        "m_probability": level.m,
        "u_probability": u,
    }
    if not level.frequent:
        return said
    return said | {
        "tf_adjustment_column": level.frequent,
        "tf_adjustment_weight": 1.0,
        "disable_tf_exact_match_detection": True,  # the value stands in for the `u` of this level
    }
