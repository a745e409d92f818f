"""Arrays arrive in the database as they were."""

from __future__ import annotations

from datetime import UTC
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.leads.contracts import Stage
from leadloop.ledger.sql import array, columns, fetch, run

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


def test_texts_alone_take_a_short_way_to_the_same_place(db: None) -> None:
    @settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(texts | st.sampled_from(["", '"', "\\", '","', "NULL", "{}", " , "]), max_size=20))
    def there_and_back(given_values: list[str]) -> None:
        found = fetch("select v from unnest(%s::text[]) with ordinality as u (v, n) order by n", [given_values])
        assert [value for (value,) in found] == given_values

    there_and_back()


def test_what_stands_for_nothing_may_be_a_text_too(db: None) -> None:
    given_values = ["\x01none\x01", None, "NULL", 'x\x01none\x01"', "\\"]
    found = fetch("select v from unnest(%s::text[]) with ordinality as u (v, n) order by n", [given_values])
    assert [value for (value,) in found] == given_values


def test_a_zero_byte_is_refused_wherever_it_stands() -> None:
    for given_values in (["\0"], ["a", "b\0c"], ["a\0", ""]):
        with pytest.raises(ValueError, match="NUL"):
            array(given_values)


def test_a_statement_without_rows_says_how_many_it_wrote(db: None) -> None:
    with transaction.atomic():
        run("create temporary table numbers (n int) on commit drop")
        assert run("insert into numbers select * from unnest(%s::int[])", [[1, 2, 3]]) == 3
        assert run("delete from numbers where n > %s", [1]) == 2


def test_a_stage_is_a_text(db: None) -> None:
    assert fetch("select %s::text[] = array['won', 'lost']", [[Stage.WON, Stage.LOST]]) == [(True,)]


def test_rows_become_columns() -> None:
    assert columns([(1, "a"), (2, "b")]) == [[1, 2], ["a", "b"]]
    with pytest.raises(ValueError, match="shorter"):
        columns([(1, "a"), (2,)])
