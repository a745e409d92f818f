"""Logs: one line an event on stderr, for people on a terminal and as JSON for machines that collect them."""

from __future__ import annotations

import logging
import sys
from typing import Any

import structlog

_QUIET = ("asyncio", "procrastinate", "psycopg")  # they tell each step at info


def configure(settings: dict[str, Any]) -> None:
    """Set logging up; Django calls this with its LOGGING, of which `level` is read (debug, info, warning or error)."""
    level = logging.getLevelNamesMapping()[str(settings.get("level", "info")).upper()]
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, _renderer()],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),  # what a command answers stands alone on stdout
        cache_logger_on_first_use=False,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(processor=_renderer(), foreign_pre_chain=shared))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("django", "django.server"):  # what Django has set up before goes the same way
        logging.getLogger(name).handlers.clear()
        logging.getLogger(name).propagate = True
    for name in _QUIET:
        logging.getLogger(name).setLevel(max(level, logging.WARNING))


def _renderer() -> structlog.typing.Processor:
    if sys.stderr.isatty():
        return structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)
    return structlog.processors.JSONRenderer(default=str)
