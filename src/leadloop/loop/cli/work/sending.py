"""The hold on sending."""

from __future__ import annotations

from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.platform.services import hold_sending, release_sending

OPERATOR = by_system("command-line")


def hold(why: str) -> None:
    """Nothing goes out from now on."""
    hold_sending(why=why, actor=OPERATOR, now=clock.now())


def release() -> None:
    """Messages go out again."""
    release_sending(actor=OPERATOR, now=clock.now())
