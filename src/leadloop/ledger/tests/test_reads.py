"""Several questions in one statement: each gets its own answer, with the types it would have had alone."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.ledger.kept import EVERY, Kept
from leadloop.ledger.reads import Read, ask, together

MOMENT = datetime(2026, 3, 2, 9, tzinfo=UTC)
ROW = (7, 'Müller, "Anna" (a)', True, None, 1.5, MOMENT, date(2026, 3, 2), {"a": [1, None]}, ["x", "y, z"])
SQL = """
select %s::bigint, %s::text, true, null::text, 1.5::float8, '2026-03-02 09:00+00'::timestamptz, '2026-03-02'::date,
       '{"a": [1, null]}'::jsonb, array['x', 'y, z']
"""


def rows(found: list[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    return found


@pytest.fixture
def whole() -> Read[list[tuple[Any, ...]]]:
    return Read(SQL, [7, ROW[1]], rows)


@pytest.mark.django_db
def test_together_they_answer_as_each_alone(whole: Read[Any]) -> None:
    many = Read("select n, n %% 2 = 0 from generate_series(1, %s::int) n order by n desc", [3], rows)
    none = Read("select 1 where false", [], rows)
    named = Read("select 1 as one, 2 as one", [], lambda found: found[0][1])  # columns may be called alike
    with CaptureQueriesContext(connection) as queries:
        found = together(whole, many, none, named)
    assert len(queries) == 1
    assert found[whole] == ask(whole) == [ROW]
    assert found[many] == ask(many) == [(3, False), (2, True), (1, False)]
    assert (found[none], found[named]) == ([], 2)


def test_nothing_asked_takes_no_query() -> None:
    together()


@pytest.fixture
def labels() -> Iterator[tuple[Kept[int], Kept[int], Kept[int | None]]]:
    before, EVERY[:] = EVERY[:], []
    yield Kept(Read("select 1", [], _first)), Kept(Read("select 2", [], _first)), Kept(Read("select 3", [], _nobody))
    EVERY[:] = before


def _first(found: list[tuple[Any, ...]]) -> int:
    return int(found[0][0])


def _nobody(_found: list[tuple[Any, ...]]) -> int | None:
    return None


def test_what_is_kept_and_old_is_read_anew_at_once(fresh_db: str, labels: Any) -> None:
    one, two, nobody = labels
    assert asked(lambda: (one(), two(), one())) == ((1, 2, 1), 1)
    one.forget()
    assert asked(lambda: (two(), one(), two())) == ((2, 1, 2), 1)
    assert asked(lambda: (nobody(), nobody())) == ((None, None), 2)  # not known yet is not kept
    assert asked(lambda: (one(), two())) == ((1, 2), 0)


def asked(do: Any) -> tuple[Any, int]:
    """What it returns, and how many statements that took."""
    with CaptureQueriesContext(connection) as queries:
        answer = do()
    return answer, len(queries)
