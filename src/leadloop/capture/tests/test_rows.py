"""Cutting bodies of many rows: however they arrive, the rows are those that were sent."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.door.rows import Broken, Rows, TooLong

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)
cuts = st.lists(st.integers(1, 9), min_size=1, max_size=40)


def cut(body: bytes, sizes: list[int], longest: int = 100_000) -> Iterator[bytes]:
    rows, place = Rows(longest), 0
    while place < len(body):
        for size in sizes:
            yield from rows.feed(body[place : place + size])
            place += size
    yield from rows.end()


@given(items=st.lists(values, min_size=1, max_size=6), sizes=cuts, indent=st.sampled_from([None, 1]))
def test_an_array_gives_its_items_however_it_is_cut(items: list[Any], sizes: list[int], indent: int | None) -> None:
    body = json.dumps(items, indent=indent, ensure_ascii=False).encode("utf-8", "surrogatepass")
    assert [json.loads(row) for row in cut(body, sizes)] == items


@given(items=st.lists(st.dictionaries(st.text(), values, max_size=3), min_size=1, max_size=6), sizes=cuts)
def test_lines_give_theirs_and_blank_ones_are_none(items: list[Any], sizes: list[int]) -> None:
    body = b"\xef\xbb\xbf\n" + b"\r\n\r\n".join(json.dumps(item).encode() for item in items) + b"\n"
    assert [json.loads(row) for row in cut(body, sizes)] == items


@pytest.mark.parametrize(
    "body", ["", " \n ", "[", "[]", "[1", "[1,]", "[,1]", "[1,,2]", "[1][2]", "[1]]", '["a]', "[1}"]
)
def test_what_is_no_list_of_rows_is_said_to_be_none(body: str) -> None:
    with pytest.raises(Broken):
        list(cut(body.encode(), [3]))


@pytest.mark.parametrize("body", [b'[{"a": "' + b"x" * 200 + b'"}]', b'{"a": 1}\n{"a": "' + b"x" * 200 + b'"}'])
def test_a_row_that_goes_on_for_ever_is_not_waited_for(body: bytes) -> None:
    with pytest.raises(TooLong):
        list(cut(body, [7], longest=100))
