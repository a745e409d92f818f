"""Lists as PostgreSQL reads them: `{"one","two",NULL}`.

The driver does the same, one regular expression per element; for a batch of a thousand rows with ten columns that is
most of what the whole batch costs. Here it is one join.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

_SEAM = "\0"


def array(values: Sequence[Any]) -> str:
    """Return the text form of an array of texts, numbers, booleans or aware moments, None among them.

    To be passed as a parameter where the statement casts it: `%s::text[]`. Raises ValueError for a NUL character,
    which PostgreSQL does not store either.
    """
    types = set(map(type, values))
    if types == {str}:
        return '{"' + _quoted(values) + '"}'
    if types <= {int, bool}:
        return "{" + ",".join(map(str, values)) + "}"
    return "{" + ",".join(["NULL" if value is None else _item(value) for value in values]) + "}"


def arrays_in(values: Sequence[Any]) -> list[Any]:
    """Return parameters with every list among them as an array."""
    return [array(value) if type(value) is list else value for value in values]


def _quoted(values: Sequence[str]) -> str:
    """Join and escape all at once; NUL stands between the values meanwhile."""
    joined = _SEAM.join(values)
    if joined.count(_SEAM) != len(values) - 1:
        raise ValueError("a text holds a NUL character")
    return joined.replace("\\", "\\\\").replace('"', '\\"').replace(_SEAM, '","')


def _item(value: Any) -> str:
    if isinstance(value, bool | int | float):
        return str(value)
    return '"' + _quoted([str(value)]) + '"'
