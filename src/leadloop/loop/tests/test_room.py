"""An import lets live inquiries go first, and never stands still for them."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from leadloop.capture import inbox
from leadloop.capture.contracts import Delivery, PortalKind
from leadloop.capture.services import PortalIn, save_portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_user
from leadloop.loop.room import BATCH, BESIDE, MOST_WAITS, room
from tests.support.cast import MONDAY, Cast


class Waits:
    """Counts the pauses; told to stop after some."""

    def __init__(self, stop_after: int = 10_000) -> None:
        self.times, self.stop_after = 0, stop_after

    def __call__(self) -> bool:
        self.times += 1
        return self.times >= self.stop_after


@pytest.fixture
def portal_id(db: None, cast: Cast) -> int:
    settings = {"owner_id": cast.user["tomas"], "interest_id": cast.interest["general"]}
    made = PortalIn(key="web", name="Web", kind=PortalKind.SERVER, source_id=cast.source["web"], **settings)
    return save_portal(portal=made, actor=by_user(cast.user["ada"]), now=MONDAY)


def deliver(portal_id: int, lane: Lane, at: datetime) -> None:
    key = f"key:{lane}-{at}"
    inbox.store([Delivery(portal_id=portal_id, key=key, body=b"{}", content_type="")], lane=lane, received_at=at)


def looked(lane: Lane, waits: Waits) -> int:
    with clock.at(MONDAY):
        return room(lane, wait=waits)


@pytest.mark.parametrize("lane", Lane)
def test_alone_each_lane_takes_its_whole_measure(portal_id: int, lane: Lane) -> None:
    deliver(portal_id, Lane.BULK, MONDAY - timedelta(hours=1))
    assert (looked(lane, waits := Waits()), waits.times) == (BATCH[lane], 0)


def test_beside_prompt_inquiries_an_import_takes_little(portal_id: int) -> None:
    deliver(portal_id, Lane.LIVE, MONDAY - timedelta(seconds=0.05))
    assert (looked(Lane.BULK, waits := Waits()), waits.times) == (BESIDE, 0)


def test_behind_inquiries_that_wait_an_import_waits_for_a_while(portal_id: int) -> None:
    deliver(portal_id, Lane.LIVE, MONDAY - timedelta(seconds=0.2))
    assert (looked(Lane.BULK, waits := Waits()), waits.times) == (BESIDE, MOST_WAITS)
    assert (looked(Lane.BULK, waits := Waits(stop_after=3)), waits.times) == (BESIDE, 3)
    assert (looked(Lane.LIVE, waits := Waits()), waits.times) == (BATCH[Lane.LIVE], 0)
