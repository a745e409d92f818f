"""How leads flow: judged by points, handed to a pool in turn, kept warm by a journey."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import datetime

from leadloop.agreement.queries import in_force
from leadloop.distribution import queries as distribution
from leadloop.distribution import services as routing
from leadloop.distribution.contracts import Rule
from leadloop.kernel.errors import Unavailable
from leadloop.ledger.contracts import Actor
from leadloop.loop.install.contracts import Colleague
from leadloop.nurture import services as nurture
from leadloop.qualification import services as qualification
from leadloop.qualification.queries import scorer
from leadloop.qualification.standard import STANDARD

POOL = "sales"


def judge(*, actor: Actor, now: datetime) -> None:
    """The standard points for fit and weights of touches, where none are in force."""
    with suppress(Unavailable):
        scorer()
        return
    qualification.install(rules=STANDARD, actor=actor, now=now)


def share_out(
    sellers: Sequence[Colleague], ids: Mapping[str, int], keepers: Mapping[str, int], *, actor: Actor, now: datetime
) -> None:
    """One pool of all who sell, in turn; its rule takes every lead. What stands stays as it is."""
    with suppress(Unavailable):
        distribution.routing()
        return
    pool = routing.save_pool(key=POOL, name="Sales", keeper_id=keepers["distribution"], fallback_id=keepers["selling"])
    for one in sellers:
        routing.save_member(pool_id=pool, user_id=ids[one.email], weight=one.weight, now=now)
    routing.install(rules=[Rule(name="Everything", when=None, pool=POOL)], actor=actor, now=now)


def keep_warm(owner_id: int, *, actor: Actor, now: datetime) -> None:
    """The first journey with its texts, where it is not in force."""
    nurture.install_standard(owner_id=owner_id, terms=in_force(), actor=actor, now=now)
