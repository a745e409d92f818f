"""Fault 68: whatever is asked for in an address, it is a value in a statement and never a part of one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.loop import exports
from tests.stories.house import House
from tests.stories.test_bad_bodies import token
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast

MARK = "zqx"  # in every hostile text, and in no statement of ours
PAGES = (
    "/leads", "/companies", "/pipeline", "/deals", "/search", "/worklist", "/worklist/rows", "/duplicates",
    "/quarantine", "/imports", "/portals", "/segments", "/notices", "/forecast", "/calls", "/calls/in/known",
    "/programmes", "/loop", "/home", "/mailings", "/system/persons", "/rows/won.deals", "/api/v1/leads",
    "/api/v1/people", "/api/v1/programmes",
)  # fmt: skip
NAMES = (
    "q", "sort", "order", "after", "before", "limit", "stage", "owner", "team", "source", "programme", "interest",
    "grade", "due", "group", "by", "cut", "tab", "view", "from", "to", "days", "month", "segment", "subject", "format",
    "table", "phone", "email", "weight", "page", "row", "lead", "as", "part", "portal", "code", "industry", "country",
    "opened_from", "opened_to", "closed", "q__contains", "owner_id)", "id; select",
)  # fmt: skip
BREAKS = (
    "' or '1'='1", "'; drop table platform_user; --", '" or 1=1 --', "\\", "%", "%s", "%(a)s", "$1", "{}", "\x00", ")",
    "1) union select password from platform_user --", "id desc; select pg_sleep(9)", "$.a ? (@ > 0)", "a' || version()",
    "e.payload->>'x'", "::int", "/*", "\u2019", "\udcff".encode("utf-8", "replace").decode(), "1e999", "-1", "9" * 30,
)  # fmt: skip
texts = st.builds(
    lambda parts, where: MARK.join(parts) if where else MARK + "".join(parts),
    st.lists(st.sampled_from(BREAKS) | st.text(max_size=12), min_size=1, max_size=4),
    st.booleans(),
)
slow = settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@contextmanager
def statements() -> Iterator[list[str]]:
    """What goes to the database, without the values that travel beside it."""
    seen: list[str] = []

    def note(execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: Any) -> Any:
        seen.append(str(sql))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        yield seen


@pytest.fixture
def asked(house: House, cast: Cast) -> tuple[House, Client, dict[str, str]]:
    house.inquire(**DANA)
    house.run()
    return house, as_user(cast, "helen"), token(house, "ada")


@slow
@given(page=st.sampled_from(PAGES), given_=st.dictionaries(st.sampled_from(NAMES) | texts, texts, max_size=4))
def test_fault_68_no_filter_order_or_search_becomes_a_part_of_a_statement(
    asked: tuple[House, Client, dict[str, str]], page: str, given_: dict[str, str]
) -> None:
    house, client, headers = asked
    with clock.at(house.now), statements() as seen:
        answer = client.get(page, given_, headers=headers if page.startswith("/api/") else {})
    assert answer.status_code < 500, (page, given_)
    assert [one for one in seen if MARK in one] == []


@slow
@given(what=st.sampled_from(sorted(exports.KINDS)) | texts, names=st.lists(texts, min_size=1, max_size=3))
def test_fault_68_no_column_of_an_export_becomes_a_part_of_a_statement(db: None, what: str, names: list[str]) -> None:
    with statements() as seen, pytest.raises((Invalid, NotFound)):
        list(exports.write(what, names, None))  # type: ignore[arg-type]  # refused before a file is needed
    assert [one for one in seen if MARK in one] == []
