"""Statements that come often are planned once for a connection, and only where somebody asks for it."""

from __future__ import annotations

import pytest
from django.db import transaction

from leadloop.ledger.sql import fetch, planned_once

_PLANNED = "select count(*) from pg_prepared_statements where statement like %s"
_ADD = "select a + 1 from unnest(%s::int[]) as numbers (a)"


def planned() -> int:
    return int(fetch(_PLANNED, ["select a + 1 from%"])[0][0])


def test_a_statement_is_planned_once_inside_and_not_outside(fresh_db: str) -> None:
    for _ in range(10):
        assert fetch(_ADD, [[1]]) == [(2,)]
    assert planned() == 0
    for numbers in ([1], [2, 3], list(range(1000))):
        with planned_once():
            assert fetch(_ADD, [numbers]) == [(one + 1,) for one in numbers]
    assert planned() == 1
    fetch(_ADD, [[1]])
    assert planned() == 1


def test_what_fails_inside_leaves_the_connection_as_it_was(fresh_db: str) -> None:
    def fail() -> None:
        with transaction.atomic(), planned_once():
            fetch(_ADD, [[1]])
            raise ZeroDivisionError

    for _ in range(2):
        with pytest.raises(ZeroDivisionError):
            fail()
        before = planned()
        fetch(_ADD.replace("+ 1", "+ 2"), [[1]])
        assert fetch(_ADD, [[1]]) == [(2,)]
        assert planned() == before
