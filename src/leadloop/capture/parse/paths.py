"""A small part of JSONPath, enough to point at a value: $.data.email, answers[0].text, items[*].name, ['a b']."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from typing import Any

Step = str | int | None  # a name, a place in a list, or every place
LONGEST, _DEEPEST = 200, 16
_STEP = re.compile(r"""\.?([^.\[\]'"$*]+)|\[(\d{1,4})\]|(\[\*\])|\['([^']+)'\]|\["([^"]+)"\]""")


class BadPath(ValueError):
    """A path that can't be read; says why."""


@lru_cache(maxsize=2048)
def steps(path: str) -> tuple[Step, ...]:
    """Return the steps of a path. Raises BadPath."""
    text = path.strip().removeprefix("$")
    if not text or len(text) > LONGEST:
        raise BadPath("a path names at least one value, such as $.contact.email")
    found: list[Step] = []
    place = 0
    while place < len(text):
        step = _STEP.match(text, place)
        if step is None or len(found) == _DEEPEST:
            raise BadPath(f"{text[place : place + 20]!r} can't be read; write it like $.data.items[0].email")
        name = step[1] or step[4] or step[5]
        found.append(name.strip() if name else int(step[2]) if step[2] else None)
        place = step.end()
    return tuple(found)


def all_of(loaded: Any, path: str) -> list[Any]:
    """Return every value a path points at, none when there is none or the path can't be read."""
    try:
        wanted = steps(path)
    except BadPath:
        return []
    found = [loaded]
    for step in wanted:
        found = [inner for one in found for inner in _within(one, step)]
    return [one for one in found if one is not None]


def first(loaded: Any, path: str) -> Any:
    """Return the first value a path points at, None when there is none."""
    return next(iter(all_of(loaded, path)), None)


def dotted(path: str) -> str:
    """Return a path as flat bodies call it: names joined by dots, places left out."""
    try:
        return ".".join(step for step in steps(path) if isinstance(step, str))
    except BadPath:
        return path


def _within(holder: Any, step: Step) -> list[Any]:
    if isinstance(step, str):
        return [holder[step]] if isinstance(holder, Mapping) and step in holder else []
    if not isinstance(holder, list):
        return []
    return holder if step is None else holder[step : step + 1]
