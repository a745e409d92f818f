"""Splink as its guide tells to use it: its own comparisons, everything estimated by its own training, our keys."""

from __future__ import annotations

import pyarrow as pa
import splink.comparison_library as library
from splink import Linker, SettingsCreator, block_on

from leadloop.identity.batch.configuration import KEYS
from leadloop.identity.batch.engines import engine
from leadloop.identity.batch.settings import make_keys

Pair = tuple[int, int]
SAMPLED_PAIRS = 1_000_000  # as many as we draw
RECALL = 0.7
CERTAIN = (("given", "family", "domain"), ("email",), ("family", "phone"))
TRAINED_ON = (("given", "family"), ("domain", "family"))


def run(people: pa.Table, *, least: float) -> set[Pair]:
    """The pairs that are at least so probable."""
    with engine("duckdb") as opened:
        opened.load("people", people)
        make_keys(opened)
        linker = Linker(opened.api.register("keyed"), _settings(), log_level=None)
        training = linker.training
        training.estimate_probability_two_random_records_match([block_on(*rule) for rule in CERTAIN], recall=RECALL)
        training.estimate_u_using_random_sampling(max_pairs=SAMPLED_PAIRS, seed=1)
        for rule in TRAINED_ON:
            training.estimate_parameters_using_expectation_maximisation(block_on(*rule))
        found = linker.inference.predict(threshold_match_probability=least).as_pyarrow_table()
    one, other = found["id_l"].to_pylist(), found["id_r"].to_pylist()
    return {(min(pair), max(pair)) for pair in zip(one, other, strict=True)}


def _settings() -> SettingsCreator:
    return SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            library.NameComparison("given").configure(term_frequency_adjustments=True),
            library.NameComparison("family").configure(term_frequency_adjustments=True),
            library.EmailComparison("email"),
            library.LevenshteinAtThresholds("phone", 1),
            library.JaroWinklerAtThresholds("firm", [0.9]).configure(term_frequency_adjustments=True),
            library.ExactMatch("city").configure(term_frequency_adjustments=True),
        ],
        blocking_rules_to_generate_predictions=[block_on(f"key_{name}") for name in KEYS],
        retain_intermediate_calculation_columns=False,
        retain_matching_columns=False,
    )
