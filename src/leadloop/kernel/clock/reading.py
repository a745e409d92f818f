"""Reading the clock, which simulations and tests may set."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime

from leadloop.kernel.clock.zones import in_utc

_set_to: ContextVar[datetime | None] = ContextVar("clock_set_to", default=None)


def now() -> datetime:
    """Return the present moment as an aware UTC datetime, or the one set by ``at``."""
    return _set_to.get() or datetime.now(UTC)


@contextmanager
def at(moment: datetime) -> Iterator[datetime]:
    """Make ``now`` return ``moment`` within the block; blocks nest, and the inner one counts.

    Holds for this thread or task only, as context variables do. Raises Invalid for a naive moment.
    """
    fixed = in_utc(moment)
    before = _set_to.set(fixed)
    try:
        yield fixed
    finally:
        _set_to.reset(before)
