"""Arrays arrive in the database as they were."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.leads.contracts import Stage
from leadloop.ledger.sql import columns, fetch

texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]))
moments = st.datetimes(timezones=st.just(UTC), allow_imaginary=False)
numbers = st.integers(-(2**63), 2**63 - 1)


@pytest.mark.parametrize(
    ("kind", "values"),
    [
        ("text", texts),
        ("bigint", numbers),
        ("float8", st.floats(allow_nan=False)),
        ("boolean", st.booleans()),
        ("timestamptz", moments),
    ],
)
def test_whatever_goes_in_comes_out(db: None, kind: str, values: st.SearchStrategy[Any]) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(st.none() | values, max_size=20))
    def there_and_back(given_values: list[Any]) -> None:
        found = fetch(f"select v from unnest(%s::{kind}[]) with ordinality as u (v, n) order by n", [given_values])
        assert [value for (value,) in found] == given_values

    there_and_back()


def test_a_stage_is_a_text(db: None) -> None:
    assert fetch("select %s::text[] = array['won', 'lost']", [[Stage.WON, Stage.LOST]]) == [(True,)]


def test_rows_become_columns() -> None:
    assert columns([(1, "a"), (2, "b")]) == [[1, 2], ["a", "b"]]
    with pytest.raises(ValueError, match="shorter"):
        columns([(1, "a"), (2,)])
