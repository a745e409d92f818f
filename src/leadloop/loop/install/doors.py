"""The portals that exist from the start."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import portals
from leadloop.capture.services import PortalIn, save_portal
from leadloop.ledger.contracts import Actor

CONSENT = "Yes, you may write to me by e-mail about your products. I can take this back at any time."


def standard(owner_id: int, interest_id: int, sources: Mapping[str, int]) -> list[PortalIn]:
    """A form, a server, and four ways for our own people. Who asked by phone or was recommended goes to sales at once.

    Nobody is thanked by e-mail for a call, a recommendation or a talk at a stand: a person has answered there already.
    Whom somebody found on their own did not even ask.
    """
    return [
        PortalIn(
            key="web-form",
            name="Contact form",
            kind=PortalKind.BROWSER,
            owner_id=owner_id,
            interest_id=interest_id,
            source_id=sources["web"],
            consent_wording=CONSENT,
        ),
        PortalIn(
            key="api",
            name="Interface",
            kind=PortalKind.SERVER,
            owner_id=owner_id,
            interest_id=interest_id,
            source_id=sources["partner-system"],
        ),
        _by_hand("trade-show", "Trade show", owner_id, interest_id, sources["fair"], "sales_ready"),
        _by_hand("phone", "Phone", owner_id, interest_id, sources["phone"], "all_inquiries"),
        _by_hand("referral", "Referral", owner_id, interest_id, sources["referral"], "all_inquiries"),
        _by_hand("prospecting", "Prospecting", owner_id, interest_id, sources["prospecting"], "sales_owned"),
    ]


def open_doors(wanted: Sequence[PortalIn], *, actor: Actor, now: datetime) -> dict[str, int]:
    """Portals that are not there yet; one that stands stays as it is. Returns all ids by key."""
    standing = {portal.key: portal.id for portal in portals().values()}
    for portal in wanted:
        if portal.key not in standing:
            standing[portal.key] = save_portal(portal=portal, actor=actor, now=now)
    return standing


def _by_hand(key: str, name: str, owner_id: int, interest_id: int, source_id: int, handover: str) -> PortalIn:
    return PortalIn(
        key=key,
        name=name,
        kind=PortalKind.STAFF,
        owner_id=owner_id,
        interest_id=interest_id,
        source_id=source_id,
        handover=handover,
        acknowledge=False,
    )
