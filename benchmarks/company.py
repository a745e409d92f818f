"""The company that is measured: one who leads each part of the loop, and any number of salespeople in one pool."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from leadloop.capture.contracts import PortalKind
from leadloop.capture.services import PortalIn, new_token, save_portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_system
from leadloop.loop import pump
from leadloop.loop.install import Colleague, Firm, install

SETUP = by_system("benchmark")
LEAD = "lead@bench.example"
SERVER, FILE = "bench-server", "bench-file"  # portals that hand every inquiry over to sales


@dataclass(frozen=True)
class Company:
    """User ids of the salespeople, portal ids by key, and the secret of the portal for servers."""

    sellers: list[int]
    portals: dict[str, int]
    token: str


def settle(sellers: int, *, password: str | None = None) -> Company:
    """Set the company up; office hours are round the clock, so that it doesn't matter when this runs.

    Its two portals hand over whatever arrives, so that routing is part of what is measured, for every row.
    """
    now = clock.now()
    leading = ("head_of_lead_management", "head_of_sales", "admin")
    lead = Colleague(LEAD, "Lea Lead", leading, password=password)
    selling = [
        Colleague(seller(n), f"Sal Seller {n}", ("salesperson",), password=password if n == 0 else None)
        for n in range(sellers)
    ]
    done = install(Firm("Bench", week=((("00:00", "24:00"),),) * 7), [lead, *selling], now=now)
    portals = {
        SERVER: _portal(SERVER, PortalKind.SERVER, done.users[LEAD], done.interests, now),
        FILE: _portal(FILE, PortalKind.STAFF, done.users[LEAD], done.interests, now),
    }
    token = new_token(portal_id=portals[SERVER], actor=SETUP, now=now)
    pump.prepare()
    return Company([done.users[one.email] for one in selling], portals, token)


def seller(number: int) -> str:
    """The address of a salesperson; only the first has the password, if any, and the lead."""
    return f"s{number}@bench.example"


def _portal(key: str, kind: PortalKind, owner_id: int, interests: Mapping[str, int], now: datetime) -> int:
    portal = PortalIn(
        key=key,
        name=key.replace("-", " ").capitalize(),
        kind=kind,
        owner_id=owner_id,
        interest_id=min(interests.values()),
        handover="all_inquiries",
        acknowledge=False,
    )
    return save_portal(portal=portal, actor=SETUP, now=now)
