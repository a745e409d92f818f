"""A company ready to work: portals, a pool, scoring rules, and a few words to tell its stories with."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import orjson

from leadloop.capture import inbox
from leadloop.capture import services as capture
from leadloop.capture.contracts import Delivery, PortalKind
from leadloop.capture.mailbox.key import key_of
from leadloop.capture.queries import portal
from leadloop.capture.services.portals import PortalIn
from leadloop.distribution import services as distribution
from leadloop.distribution.contracts import Rule
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_system
from leadloop.loop import check, pump
from leadloop.platform.queries import viewer
from leadloop.qualification import services as qualification
from leadloop.qualification.standard import STANDARD
from leadloop.selling import services as selling
from tests.support.cast import MONDAY, Cast

SETUP = by_system("setup")


@dataclass
class House:
    """The cast at work. Time stands still unless a story moves it on."""

    cast: Cast
    now: datetime = MONDAY

    def wait(self, **span: float) -> None:
        self.now += timedelta(**span)

    def inquire(self, portal_key: str = "web-form", **body: Any) -> int:
        """Somebody raises a hand; returns the submission."""
        with clock.at(self.now):
            return capture.receive(portal=portal(portal_key), body=orjson.dumps(body), now=self.now)

    def open_to(self, origin: str) -> None:
        """Pages of this origin may deliver to the portal of the web form."""
        self.set_portal("web-form", origins=(origin,))

    def set_portal(self, key: str, kind: PortalKind = PortalKind.BROWSER, **settings: Any) -> None:
        """Change what a portal does; all else is as it was set up."""
        changed = replace(_portal(key, kind, self.cast), **settings)
        capture.save_portal(portal=changed, actor=SETUP, now=self.now)

    def post(self, *letters: bytes) -> list[int]:
        """E-mails come in, stored as a mailbox stores them; returns the submissions. Needs `open_mail`."""
        held = portal("mail").id
        made = [Delivery(portal_id=held, key=key_of(one), body=one, content_type="message/rfc822") for one in letters]
        return [one.submission_id for one in inbox.store(made, lane=Lane.LIVE, received_at=self.now)]

    def run(self) -> None:
        """Everything that follows by itself until nothing is left."""
        with clock.at(self.now):
            pump.prepare()
            pump.drain()

    def viewer(self, name: str) -> Any:
        return viewer(self.cast.user[name])

    def breaches(self) -> list[str]:
        """What `leadloop check` finds; stories end with none. Deliveries of the story's own day are not late."""
        return [f"{b.promise}: {b.name}: {b.rows}" for b in check.run()]


def open_house(cast: Cast) -> House:
    """Set the company up."""
    house = House(cast)
    with clock.at(house.now):
        qualification.install(rules=STANDARD, actor=SETUP, now=house.now)
        pool = distribution.save_pool(
            key="sales", name="Sales", keeper_id=cast.user["ines"], fallback_id=cast.user["grace"]
        )
        for name in ("kim", "ola"):
            distribution.save_member(pool_id=pool, user_id=cast.user[name], now=house.now)
        distribution.install(rules=[Rule(name="Everything", pool="sales")], actor=SETUP, now=house.now)
        selling.install_pipeline()
        for key, kind in (
            ("web-form", PortalKind.BROWSER),
            ("api", PortalKind.SERVER),
            ("trade-show", PortalKind.STAFF),
        ):
            capture.save_portal(portal=_portal(key, kind, cast), actor=SETUP, now=house.now)
    return house


def open_mail(house: House) -> None:
    """Open the portal for e-mail."""
    capture.save_portal(portal=_portal("mail", PortalKind.MAIL, house.cast), actor=SETUP, now=house.now)


def _portal(key: str, kind: PortalKind, cast: Cast) -> PortalIn:
    return PortalIn(
        key=key,
        name=key.replace("-", " ").capitalize(),
        kind=kind,
        owner_id=cast.user["tomas"],
        interest_id=cast.interest["general"],
        programme_id=cast.programme["ads"] if key == "web-form" else None,
        source_id=cast.source["web"],
    )
