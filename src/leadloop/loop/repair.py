"""Facts that could not be handled: handed over again, or let go by a person's decision."""

from __future__ import annotations

from leadloop.kernel.errors import NotFound
from leadloop.ledger import parking
from leadloop.ledger.contracts import Actor
from leadloop.loop.routes import EVERY


def replay(*, subscription: str, actor: Actor) -> int:
    """Hand everything that waits for this route over again, in order; returns how much was taken."""
    known = {route.name: route for route in EVERY}
    if subscription not in known:
        raise NotFound(f"There is no route {subscription[:60]}", mend="Load the page again")
    return parking.replay(subscription, handler=known[subscription].handle, actor=actor)


def skip(*, subscription: str, event_id: int, actor: Actor) -> None:
    """Decide that a fact need not be handled; what was held back behind it can then be handed over again."""
    parking.skip(subscription, event_ids=[event_id], actor=actor)
