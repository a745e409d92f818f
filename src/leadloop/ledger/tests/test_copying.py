"""Rows that are copied stand in the database as they were given."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.ledger.copying import copy
from leadloop.ledger.sql import fetch

NAMES = ("id", "words", "number", "share", "holds", "at", "data")
texts = st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"])) | st.sampled_from(
    ["", "\\", "\\N", "\\.", "\t", "a\nb\r", "null", '"', ",", "\x01none", "none\x01"]
)


@pytest.fixture
def table(db: None) -> Iterator[str]:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "create temporary table copied (id bigint primary key, words text default 'untold', number bigint,"
            " share float8, holds boolean, at timestamptz, data jsonb) on commit drop"
        )
        yield "copied"


def standing() -> list[tuple[Any, ...]]:
    return fetch("select id, words, number, share, holds, at, data::text from copied order by id")


def test_whatever_goes_in_comes_out(table: str) -> None:
    moments = st.datetimes(datetime(1900, 1, 1), timezones=st.just(UTC), allow_imaginary=False)  # noqa: DTZ001 - made aware
    rows = st.tuples(
        texts,
        st.none() | st.integers(-(2**63), 2**63 - 1),
        st.none() | st.floats(allow_nan=False),
        st.none() | st.booleans(),
        st.none() | moments,
        st.none() | st.sampled_from(['{"a": "\\"\\\\n"}', "[]", '{"b": [1, null]}']),
    )

    @settings(max_examples=80, deadline=None, suppress_health_check=list(HealthCheck))
    @given(st.lists(rows, min_size=1, max_size=12))
    def there_and_back(given_rows: list[tuple[Any, ...]]) -> None:
        numbered = [(number, *row) for number, row in enumerate(given_rows)]
        with transaction.atomic():
            copy(table, NAMES, numbered)
            assert standing() == numbered
            transaction.set_rollback(True)

    there_and_back()


def test_what_nobody_says_takes_the_tables_default(table: str) -> None:
    copy(table, NAMES, [(one, None, None, None, None, None, None) for one in (1, 2)])
    assert standing() == [(one, "untold", None, None, None, None, None) for one in (1, 2)]


def test_what_some_say_is_nothing_with_the_others(table: str) -> None:
    copy(table, ("id", "words"), [(1, None), (2, "told"), (3, None)])
    assert [words for _, words, *_ in standing()] == [None, "told", None]


def test_no_rows_are_no_statement_and_rows_are_one(table: str) -> None:
    with CaptureQueriesContext(connection) as none:
        copy(table, NAMES, [])
    with CaptureQueriesContext(connection) as some:
        copy(table, ("id",), [(number,) for number in range(500)])
    assert (len(none), len(some)) == (0, 1)


def test_what_the_table_refuses_is_refused_whole(table: str) -> None:
    copy(table, ("id",), [(7,)])
    with pytest.raises(IntegrityError), transaction.atomic():
        copy(table, ("id",), [(6,), (7,)])
    with pytest.raises(DataError), transaction.atomic():
        copy(table, ("id", "data"), [(1, "{}"), (2, "no JSON")])
    with pytest.raises(ValueError, match="NUL"):
        copy(table, ("id", "words"), [(1, "a"), (2, "a\0b")])
    assert [number for number, *_ in standing()] == [7]
