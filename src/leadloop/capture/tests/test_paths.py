"""Pointing at a value within a body."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.capture.parse.paths import BadPath, all_of, dotted, first, steps

BODY = {"data": {"mail": "a@b.example", "a name": 1, "items": [{"n": "x"}, {"n": "y"}, {}]}, "list": [[1, 2], [3]]}


@pytest.mark.parametrize(
    ("path", "found"),
    [
        ("$.data.mail", ["a@b.example"]),
        ("data.mail", ["a@b.example"]),
        ("$['data']['a name']", [1]),
        ('$["data"].mail', ["a@b.example"]),
        ("$.data.items[1].n", ["y"]),
        ("data.items[*].n", ["x", "y"]),
        ("$.list[0][1]", [2]),
        ("$.list[*][0]", [1, 3]),
        ("$.data.items[9].n", []),
        ("$.nothing.here", []),
        ("$.data.mail.deeper", []),
    ],
)
def test_a_path_gives_what_it_points_at(path: str, found: list[Any]) -> None:
    assert all_of(BODY, path) == found
    assert first(BODY, path) == (found[0] if found else None)


@pytest.mark.parametrize("path", ["", "$", "$..mail", "a[", "a[x]", "a]", "a[-1]", "a." * 20 + "b", "x" * 300, "a'b"])
def test_what_is_no_path_is_said_to_be_none(path: str) -> None:
    with pytest.raises(BadPath):
        steps(path)
    assert all_of(BODY, path) == []


def test_a_path_has_the_name_that_flat_bodies_give_it() -> None:
    assert dotted("$.data.items[0].n") == "data.items.n"


@given(
    path=st.text(max_size=40),
    body=st.recursive(st.none() | st.text(), lambda i: st.lists(i) | st.dictionaries(st.text(), i)),
)
def test_no_path_and_no_body_breaks_it(path: str, body: Any) -> None:
    all_of(body, path)
