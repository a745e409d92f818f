"""When somebody leaves: what stands in their name, to whom it goes, and the closing of their account."""

from __future__ import annotations

from dataclasses import fields
from datetime import datetime

from django.db import transaction

from leadloop.agreement.queries import in_force
from leadloop.capture.contracts import PortalRow
from leadloop.capture.queries import portals
from leadloop.capture.services import PortalIn, save_portal
from leadloop.distribution.queries import pools
from leadloop.distribution.services import save_pool
from leadloop.kernel.errors import Refused
from leadloop.leads import queries as leads
from leadloop.leads import services as lead_services
from leadloop.ledger.contracts import Actor
from leadloop.platform.queries import users
from leadloop.platform.services import deactivate_user
from leadloop.segments.queries import owned_by
from leadloop.segments.services import hand_over_all as hand_over_segments
from leadloop.selling import queries as deals
from leadloop.selling import services as deal_services


def belongings(user_id: int) -> dict[str, int]:
    """How much stands in somebody's name, by what it is. What is 0 is there, too. Eight queries."""
    clauses = in_force().clauses
    kept = sum(user_id in (stage.keeper_id, stage.deputy_id) for stage in clauses.stages.values())
    return {
        "open leads": leads.open_count_by_owner([user_id]).get(user_id, 0),
        "open deals": deals.open_count_by_owner([user_id]).get(user_id, 0),
        "portals": sum(portal.owner_id == user_id for portal in portals().values()),
        "pools": sum(user_id in (pool.keeper_id, pool.fallback_id) for pool in pools().values()),
        "segments": owned_by(user_id),
        "clauses of the agreement": kept + sum(one == user_id for one in clauses.places.values()),
    }


def hand_over(*, from_user: int, to_user: int, actor: Actor, now: datetime) -> dict[str, int]:
    """Give leads, deals, portals, pools and segments to a colleague; returns how many of each.

    The agreement is not among them: who keeps a stage is drafted and signed. Raises Refused for a colleague who
    doesn't work here, or is the same person.
    """
    if from_user == to_user or to_user not in users([to_user], active=True):
        raise Refused("This colleague can't take it over", field="to_user", mend="Choose somebody else who works here")
    with transaction.atomic():
        doors = [portal for portal in portals().values() if portal.owner_id == from_user]
        for portal in doors:
            save_portal(portal=_in_hands_of(to_user, portal), actor=actor, now=now)
        return {
            "open leads": lead_services.hand_over_all(from_user, to_user, actor=actor, now=now),
            "open deals": deal_services.hand_over_all(from_user, to_user, actor=actor, now=now),
            "portals": len(doors),
            "pools": _hand_over_pools(from_user, to_user),
            "segments": hand_over_segments(from_user=from_user, to_user=to_user, actor=actor, now=now),
        }


def close(*, user_id: int, actor: Actor, now: datetime) -> None:
    """Close an account. Raises Refused with the counts while anything stands in its name."""
    with transaction.atomic():
        deactivate_user(user_id=user_id, owns=belongings(user_id), actor=actor, now=now)


def _in_hands_of(user_id: int, portal: PortalRow) -> PortalIn:
    kept = {one.name: getattr(portal, one.name) for one in fields(PortalIn)}
    return PortalIn(**{**kept, "owner_id": user_id, "mapping": dict(portal.mapping)})


def _hand_over_pools(from_user: int, to_user: int) -> int:
    mine = [pool for pool in pools().values() if from_user in (pool.keeper_id, pool.fallback_id)]
    for pool in mine:
        keeper = to_user if pool.keeper_id == from_user else pool.keeper_id
        fallback = to_user if pool.fallback_id == from_user else pool.fallback_id
        save_pool(key=pool.key, name=pool.name, keeper_id=keeper, fallback_id=fallback)
    return len(mine)
