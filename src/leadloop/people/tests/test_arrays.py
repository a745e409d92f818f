"""Lists reach PostgreSQL as they are, whatever stands in them."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.people.arrays import array
from leadloop.people.sql import rows

TEXT = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), max_size=12)
NASTY = st.sampled_from(["", "NULL", "null", '"', "\\", "{}", ",", '","', "a b", " ", "\n", "é", "'", "%s", "\\0"])


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.none() | TEXT | NASTY))
def test_texts_come_back_as_they_went(db: None, values: list[str | None]) -> None:
    assert rows("select %s::text[]", [values]) == [(values,)]


@pytest.mark.parametrize(
    ("values", "kind"),
    [
        ([], "text"),
        ([1, -(2**40), None], "bigint"),
        ([1, 2], "int"),
        ([True, False], "boolean"),
        ([True, None], "boolean"),
    ],
)
def test_numbers_and_booleans_too(db: None, values: list[Any], kind: str) -> None:
    assert rows(f"select %s::{kind}[]", [values]) == [(values,)]


@pytest.mark.parametrize("values", [["a", "b\0c"], ["a\0b", None]])
def test_a_nul_character_can_not_smuggle_in_an_element(values: list[str | None]) -> None:
    with pytest.raises(ValueError, match="NUL"):
        array(values)
