"""Who acts on which fact. The whole flow between the stages, on one screen."""

from __future__ import annotations

from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import Stage
from leadloop.ledger.reader import Handler, Only
from leadloop.loop import reactions


@dataclass(frozen=True, slots=True)
class Route:
    """A subscription: these kinds of facts go to this handler, in batches, exactly once, in order per person.

    `only`, by kind: those alone whose payload holds these values.
    """

    name: str
    kinds: tuple[str, ...]
    handle: Handler
    from_start: bool = True
    only: Only | None = None


READY: Only = {
    "lead.opened": {"handover": "all_inquiries", "stage": Stage.INQUIRY},
    "lead.moved": {"after": Stage.QUALIFIED},
}

ROUTES = (
    Route("hand-over", ("lead.opened", "lead.moved"), reactions.hand_over, only=READY),
    Route(
        "nurture",
        ("lead.scored",),
        reactions.nurture_interest,
        only={"lead.scored": {"qualified": False, "direct": False}},
    ),
    Route("leave-journey", ("lead.moved",), reactions.leave_journey, only={"lead.moved": {"before": Stage.NURTURING}}),
    Route(
        "acknowledge", ("inquiry.received",), reactions.acknowledge, only={"inquiry.received": {"acknowledge": True}}
    ),
    Route("ask-consent", ("consent.asked",), reactions.ask_consent, from_start=False),
    Route("answered", ("reply.received",), reactions.leave_as_answered, from_start=False),
    Route("returns", ("inquiry.quarantined",), reactions.note_returns, from_start=False),
    Route("notify-owner", ("lead.assigned",), reactions.notify_owner),
    Route("escalate", ("promise.broken",), reactions.escalate),
    Route("tell", reactions.TOLD, reactions.tell, from_start=False),
)

# Nobody waits for these: the worker goes through them, behind imports (`unhurried.py`), and the pump never does.
UNHURRIED = (
    Route("liken", ("person.remembered", "person.changed"), reactions.liken),
    Route("enrich", ("inquiry.received",), reactions.enrich, from_start=False),
)

EVERY = (*ROUTES, *UNHURRIED)
