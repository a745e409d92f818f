"""Pools, their places and the rules: drafted, then signed by whom the agreement's leadership names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Max

from leadloop.agreement.contracts import Terms
from leadloop.criteria.compile import check
from leadloop.distribution import rules as pure
from leadloop.distribution.contracts import Rule, To
from leadloop.distribution.facts import RoutingSigned
from leadloop.distribution.models import Member, Pool, Routing
from leadloop.distribution.queries import pools
from leadloop.distribution.services.seats import lock
from leadloop.kernel.errors import Forbidden, Invalid
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.platform.queries import users

SIGNERS: Mapping[str, tuple[str, ...]] = {
    "sales": ("head_of_sales",),
    "marketing": ("head_of_marketing",),
    "joint": ("head_of_sales", "head_of_marketing"),
}


def save_pool(*, key: str, name: str, keeper_id: int, fallback_id: int) -> int:
    """Add a pool or change the one of this key; returns its id."""
    _must_work_here({keeper_id, fallback_id})
    pool, _ = Pool.objects.update_or_create(
        key=key, defaults={"name": name, "keeper_id": keeper_id, "fallback_id": fallback_id}
    )
    return int(pool.id)


def save_member(
    *,
    pool_id: int,
    user_id: int,
    now: datetime,
    weight: int = 1,
    daily_cap: int | None = None,
    open_cap: int | None = None,
    is_paused: bool = False,
) -> int:
    """Give somebody a place in a pool, or change it. A newcomer starts level with the least served."""
    _must_work_here({user_id})
    if weight < 1:
        raise Invalid(problem="A weight is a whole number from 1", field="weight", mend="Pause the place instead")
    limits = {"weight": weight, "daily_cap": daily_cap, "open_cap": open_cap, "is_paused": is_paused}
    with transaction.atomic():
        (table,) = lock([row for row in pools().values() if row.id == pool_id], now).values()
        turns = pure.joining_turns(table.seats, weight)
        member, _ = Member.objects.update_or_create(
            pool_id=pool_id, user_id=user_id, defaults=limits, create_defaults={**limits, "taken": turns}
        )
        return int(member.id)


def _must_work_here(user_ids: set[int]) -> None:
    gone = user_ids - users(user_ids, active=True).keys()
    if gone:
        raise Invalid(
            problem=f"User {min(gone)} does not work here", field="user", mend="Name somebody who can sign in"
        )


def install(*, rules: Sequence[Rule], actor: Actor, now: datetime) -> int:
    """Put the first rules into force, at installation; returns their version."""
    return _in_force(_sound(rules), None, actor, now)


def sign_routing(*, rules: Sequence[Rule], terms: Terms, actor: Actor, now: datetime) -> int:
    """Put new rules into force; returns their version. Raises Forbidden unless the leadership clause lets you sign.

    Raises Invalid for unknown pools, unsound conditions, or when the last rule does not take every lead.
    """
    user_id = user_of(actor)
    roles = set(users({user_id})[user_id].roles) if user_id else set()
    wanted = SIGNERS[terms.clauses.leadership]
    if not roles & set(wanted):
        raise Forbidden(problem="Routing rules are signed by " + " or ".join(w.replace("_", " ") for w in wanted))
    return _in_force(_sound(rules), user_id, actor, now)


def _sound(rules: Sequence[Rule]) -> Sequence[Rule]:
    if not rules or rules[-1].when is not None or rules[-1].to is not To.POOL:
        raise Invalid(
            problem="The last routing rule must take every lead", field="rules", mend="Add a rule without a condition"
        )
    known = {pool.key for pool in pools().values()}
    for rule in rules:
        if rule.to is To.POOL and rule.pool not in known:
            raise Invalid(
                problem=f"{rule.name} names the pool {rule.pool}, which does not exist",
                field="rules",
                mend=f"Choose one of: {', '.join(sorted(known))}",
            )
        if rule.when is not None and (wrong := check(rule.when, "lead")):
            raise wrong
    return rules


def _in_force(rules: Sequence[Rule], signer: int | None, actor: Actor, now: datetime) -> int:
    with transaction.atomic():
        newest = Routing.objects.aggregate(newest=Max("version"))["newest"] or 0
        row = Routing.objects.create(
            version=newest + 1,
            rules=[rule.model_dump() for rule in rules],
            drafted_by_id=signer,
            signed_by_id=signer,
            in_force_from=now,
        )
        record([RoutingSigned(happened_at=now, version=row.version)], actor=actor)
        return int(row.version)
