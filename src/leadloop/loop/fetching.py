"""Asking platforms for the leads they told of: taken from durable rows, asked outside any transaction, then written."""

from __future__ import annotations

from collections.abc import Mapping

import structlog

from leadloop.capture import services as capture
from leadloop.capture.contracts import PortalKind
from leadloop.capture.doors import Got, Missed, Wanted
from leadloop.capture.retrieval import FETCHERS, Fetcher, NotGot
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.platform.queries import installed

log = structlog.get_logger()

FETCHING = by_system("fetching")
PAUSE_SECONDS = 1.0
AT_ONCE = 5  # asked one after the other, well within the time they are held


def turn(fetchers: Mapping[PortalKind, Fetcher] = FETCHERS) -> int:
    """Ask for the leads that are due; returns how many were asked for. Safe to run beside itself."""
    if not installed():
        return 0
    wanted = capture.wanted(limit=AT_ONCE, now=clock.now())
    found = [_ask(one, fetchers[one.kind]) for one in wanted]
    capture.fetched([one for one in found if isinstance(one, Got)], now=clock.now())
    capture.missed([one for one in found if isinstance(one, Missed)], actor=FETCHING, now=clock.now())
    return len(wanted)


def _ask(wanted: Wanted, fetch: Fetcher) -> Got | Missed:
    try:
        return Got(wanted.submission_id, fetch(wanted))
    except NotGot as why:
        log.warning("lead not fetched", portal=wanted.portal_id, why=why.code, attempts=wanted.attempts)
        return Missed(wanted.submission_id, wanted.attempts, why.code, why.final)
