"""The process that makes the forecast of a day and ends: it loads numpy, so nothing that always runs imports it."""

from __future__ import annotations

import structlog

from leadloop.kernel import clock
from leadloop.tracking.forecast.taking import take

log = structlog.get_logger()


def main() -> None:
    """Make today's forecast; one of the same day is replaced."""
    log.info("forecast made", snapshot=take(clock.now()))


if __name__ == "__main__":
    main()
