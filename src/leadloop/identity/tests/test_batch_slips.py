"""Texts a few slips apart are found, although edit distances are asked only of those with a part in common."""

from __future__ import annotations

from collections.abc import Iterator

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.batch.configuration import BIRTH, EMAIL, PHONE, Level
from leadloop.identity.batch.engines import Engine, engine

LEVELS: list[tuple[Level, int]] = [
    *zip(BIRTH.levels[1:3], (1, 2), strict=True),
    (EMAIL.levels[2], 2),
    (PHONE.levels[1], 1),
]
texts = st.text("ab1@", max_size=12)


@st.composite
def slipped(draw: st.DrawFn) -> tuple[str, str]:
    """A text, and the same with up to three letters wrong, missing or too many."""
    text = other = draw(texts)
    for _ in range(draw(st.integers(0, 3))):
        at = draw(st.integers(0, len(other)))
        other = other[:at] + draw(st.sampled_from(["", "a", "1"])) + other[at + draw(st.integers(0, 1)) :]
    return text, other


@pytest.fixture(scope="module")
def duck() -> Iterator[Engine]:
    with engine("duckdb") as opened:
        yield opened


@given(pairs=st.lists(slipped(), min_size=1, max_size=30))
def test_what_has_no_part_in_common_is_further_apart_than_is_allowed(
    duck: Engine, pairs: list[tuple[str, str]]
) -> None:
    left, right = ([pair[side] for pair in pairs] for side in (0, 1))
    columns = {f"{name}_{side}": of for name in ("birth", "email", "phone") for side, of in (("l", left), ("r", right))}
    duck.load("pairs", pa.table(columns))
    for level, most in LEVELS:
        name = level.code.partition("_")[2]
        for found, apart in duck.rows(f"select {level.when}, levenshtein({name}_l, {name}_r) from pairs"):
            assert found == (apart <= most), level.code
