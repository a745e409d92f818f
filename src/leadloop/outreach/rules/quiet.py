"""Quiet hours in the recipient's own time, and in all times it may be where that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from functools import lru_cache

from leadloop.kernel.clock import next_moment_in_window
from leadloop.outreach.contracts import Limits

# Every round gets over at least one zone's night; a moment that suits all is found within two days or never.
_MOST_ROUNDS = 60


@lru_cache(maxsize=1024)
def awake_at(t: datetime, zones: Sequence[str], limits: Limits) -> datetime | None:
    """Return the earliest moment from `t` on that lies outside the quiet hours in every one of the zones.

    None when the nights of the zones leave no such moment. `zones` is a tuple of IANA names, not empty.
    """
    moment = t
    for _ in range(_MOST_ROUNDS):
        latest = max(next_moment_in_window(moment, zone, limits.quiet_until, limits.quiet_from) for zone in zones)
        if latest == moment:
            return moment
        if (latest - t).days >= 2:
            return None
        moment = latest
    return None
