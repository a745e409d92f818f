"""How many notices wait, for the rail: asked at most once every few seconds for each person."""

from __future__ import annotations

import time

from django.db import connection

from leadloop.loop.notices.reading import waiting

FRESH = 15.0  # seconds
MOST_PEOPLE = 500  # whose count this process remembers

_remembered: dict[tuple[str, int], tuple[float, int]] = {}


def bell(user_id: int) -> int:
    """How many notices of somebody wait; inside a transaction always counted anew."""
    if connection.in_atomic_block:
        return waiting(user_id)
    key = (str(connection.settings_dict["NAME"]), user_id)
    at, known = _remembered.get(key, (float("-inf"), 0))
    if time.monotonic() - at < FRESH:
        return known
    if len(_remembered) > MOST_PEOPLE:
        _remembered.clear()
    found = waiting(user_id)
    _remembered[key] = (time.monotonic(), found)
    return found


def ring_anew(user_id: int) -> None:
    """Count anew at the next page."""
    _remembered.pop((str(connection.settings_dict["NAME"]), user_id), None)
