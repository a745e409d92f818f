"""Pools, places and the rules in force."""

from __future__ import annotations

from leadloop.distribution import models
from leadloop.distribution.contracts import MemberRow, PoolRow, Rule
from leadloop.kernel.errors import Unavailable
from leadloop.kernel.values import dataclass


@dataclass(frozen=True, slots=True)
class Routing:
    """The rules in force and their version."""

    version: int
    rules: tuple[Rule, ...]


def routing() -> Routing:
    """The rules in force. Raises Unavailable when there are none. One query."""
    row = models.Routing.objects.filter(in_force_from__isnull=False).order_by("-version").first()
    if row is None:
        raise Unavailable(problem="No routing rules are in force", field="routing", mend="Sign routing rules")
    return Routing(row.version, tuple(Rule(**rule) for rule in row.rules))


def pools() -> dict[int, PoolRow]:
    """Every pool by id. One query."""
    rows = models.Pool.objects.order_by("id").values_list("id", "key", "name", "keeper_id", "fallback_id")
    return {row[0]: PoolRow(*row) for row in rows}


def members(pool_id: int) -> list[MemberRow]:
    """The places of a pool, oldest first. One query."""
    rows = models.Member.objects.filter(pool_id=pool_id).order_by("id")
    return [
        MemberRow(*row)
        for row in rows.values_list(
            "id", "pool_id", "user_id", "weight", "daily_cap", "open_cap", "taken", "today", "taken_today", "is_paused"
        )
    ]
