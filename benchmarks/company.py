"""The company that is measured: one who leads each part of the loop, and any number of salespeople in one pool."""

from __future__ import annotations

from dataclasses import dataclass

from leadloop.capture.services import new_token
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.loop import pump
from leadloop.loop.install import Colleague, Firm, install

SETUP = by_system("benchmark")


@dataclass(frozen=True)
class Company:
    """User ids of the salespeople, portal ids by key, and the secret of the portal for servers."""

    sellers: list[int]
    portals: dict[str, int]
    token: str


def settle(sellers: int) -> Company:
    """Set the company up; office hours are round the clock, so that it doesn't matter when this runs."""
    now = clock.now()
    lead = Colleague("lead@bench.example", "Lea Lead", ("head_of_lead_management", "head_of_sales", "admin"))
    selling = [Colleague(f"s{n}@bench.example", f"Sal Seller {n}", ("salesperson",)) for n in range(sellers)]
    done = install(Firm("Bench", week=((("00:00", "24:00"),),) * 7), [lead, *selling], now=now)
    token = new_token(portal_id=done.portals["api"], actor=SETUP, now=now)
    pump.prepare()
    return Company([done.users[one.email] for one in selling], dict(done.portals), token)
