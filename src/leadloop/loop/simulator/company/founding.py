"""Founding the demo company on its first day: everything but inquiries."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from leadloop.capture.contracts import PortalKind
from leadloop.capture.queries import portals
from leadloop.capture.services import PortalIn, save_portal
from leadloop.distribution.queries import pools
from leadloop.distribution.services import save_member
from leadloop.ledger.contracts import Actor, by_user
from leadloop.loop.install import Installed, install
from leadloop.loop.install.doors import CONSENT
from leadloop.loop.simulator.company import campaigns, goods
from leadloop.loop.simulator.company.staff import DOMAIN, FIRM, SQUADS, Staff


@dataclass(frozen=True, slots=True)
class Demo:
    """Ids of the company as it stands; `staff` by short name."""

    who: Staff
    staff: Mapping[str, int]
    installed: Installed
    programmes: Mapping[str, int]


def found(staff: Staff, passwords: Mapping[str, str], *, start: datetime, end: datetime, seed: int) -> Demo:
    """Found the company; `end` is how far rates are known. For an empty, migrated database."""
    installed = install(
        FIRM,
        staff.colleagues(passwords),
        squads=SQUADS,
        interests=goods.FAMILIES,
        sources=campaigns.SOURCES,
        now=start,
    )
    ids = {key: installed.users[f"{key}@{DOMAIN}"] for key in staff.keys}
    actor = by_user(ids["paul"])
    goods.set_rates(seed, start, end, by_user(ids["viktor"]))
    goods.fill_catalogue(installed.interests, start, actor)
    goods.write_guide(installed.interests, ids["lea"], start, actor)
    planned = campaigns.plan_programmes((ids["paul"], ids["tomas"]), installed.sources, start, actor)
    campaigns.ask_for_money(planned, ids["tomas"], ids["paul"], start)
    _open_portals(ids, installed, planned, start, actor)
    _let_inside_sales_take_turns(ids["mira"], start)
    return Demo(staff, ids, installed, planned)


def _open_portals(
    staff: Mapping[str, int], installed: Installed, planned: Mapping[str, int], start: datetime, actor: Actor
) -> None:
    """Beside the doors that every company has: the demo's own pages and the systems of others."""
    _change_standing(staff, planned, start, actor)
    general, tomas = installed.interests["general"], staff["tomas"]
    sources = installed.sources
    pages = (
        ("price-list", "Price list", sources["web"], None),
        ("guide-page", "Cavitation guide", sources["web"], None),
        ("water-check", "Water check", sources["water-check"], planned["water-check"]),
        ("chat", "Chat on the website", sources["web"], None),
    )
    systems = (
        ("ad-forms", "Forms in ads", sources["linkedin"], None),
        ("webinar", "Webinar sign-up", sources["webinar"], planned["webinars"]),
        ("directory", "Trade directory", sources["directory"], planned["directory"]),
    )
    for kind, rows in ((PortalKind.BROWSER, pages), (PortalKind.SERVER, systems)):
        for key, name, source, programme in rows:
            portal = PortalIn(
                key=key,
                name=name,
                kind=kind,
                owner_id=tomas,
                interest_id=general,
                source_id=source,
                programme_id=programme,
                consent_wording=CONSENT if kind is PortalKind.BROWSER else "",
            )
            save_portal(portal=portal, actor=actor, now=start)


def _change_standing(staff: Mapping[str, int], planned: Mapping[str, int], start: datetime, actor: Actor) -> None:
    """The fair's list belongs to the fairs; calls and recommendations are looked after by inside sales."""
    standing = {row.key: row for row in portals().values()}
    changes: dict[str, dict[str, Any]] = {
        "trade-show": {"programme_id": planned["fair"]},
        "phone": {"owner_id": staff["mira"]},
        "referral": {"owner_id": staff["mira"]},
    }
    for key, change in changes.items():
        row = standing[key]
        as_it_is = PortalIn(
            key=row.key,
            name=row.name,
            kind=row.kind,
            owner_id=row.owner_id,
            interest_id=row.interest_id,
            slug=row.slug,
            source_id=row.source_id,
            handover=row.handover,
            acknowledge=row.acknowledge,
        )
        save_portal(portal=replace(as_it_is, **change), actor=actor, now=start)


def _let_inside_sales_take_turns(user_id: int, start: datetime) -> None:
    for pool in pools().values():
        save_member(pool_id=pool.id, user_id=user_id, now=start)
