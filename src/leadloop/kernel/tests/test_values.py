"""Values are dataclasses in every respect but that they are not guarded at run time."""

from __future__ import annotations

from dataclasses import asdict, field, fields, replace

from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Point:
    """With one field that tells points apart no further."""

    x: int
    y: int = 0
    note: str = field(default="", compare=False)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Named:
    name: str


@dataclass(slots=True)
class Changing:
    x: int


@given(st.integers(0, 2), st.integers(0, 2), st.integers(0, 2), st.integers(0, 2))
def test_they_compare_and_hash_by_their_values(a: int, b: int, c: int, d: int) -> None:
    one, other = Point(a, b, "one"), Point(c, d, "other")
    assert (one == other) is ((a, b) == (c, d))
    assert len({one, other}) == (1 if one == other else 2)


def test_they_are_dataclasses() -> None:
    assert [one.name for one in fields(Point)] == ["x", "y", "note"]
    assert replace(Point(1, 2), y=3) == Point(1, 3)
    assert asdict(Point(1)) == {"x": 1, "y": 0, "note": ""}
    assert not hasattr(Point(1), "__dict__")
    assert sorted([Named(name="b"), Named(name="a")])[0].name == "a"


def test_what_changes_has_no_hash() -> None:
    assert Changing.__hash__ is None  # type: ignore[comparison-overlap]  # as dataclasses have it
