"""Facts that could not be handled, handed over again."""

from __future__ import annotations

from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_system
from leadloop.ledger.parking import replay as hand_over_again
from leadloop.ledger.queries import parked
from leadloop.loop.cli.saying import answer, show, table
from leadloop.loop.routes import EVERY
from leadloop.loop.scoring import SCORE, rescore

OPERATOR = by_system("command-line")


def replay(subscription: str | None) -> int:
    """Try again what waits; returns 1 while some of it still can't be handled."""
    known = {route.name: route.handle for route in EVERY} | {SCORE: rescore}
    if subscription is not None and subscription not in known:
        raise NotFound(
            f"There is no subscription {subscription}", field="subscription", mend=f"There are: {', '.join(known)}"
        )
    names = [subscription] if subscription else list(known)
    done = sum(hand_over_again(name, handler=known[name], actor=OPERATOR) for name in names)
    left = [row for row in parked() if row["subscription"] in names]
    answer(f"{done} handled, {len(left)} still waiting")
    if left:
        rows = [(one["event_id"], one["kind"], one["subscription"], one["state"], one["error"]) for one in left]
        show(table("", ("Fact", "Kind", "Subscription", "State", "Error"), rows))
    return int(bool(left))
