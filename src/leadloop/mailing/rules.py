"""Who is counted how, and what it takes to send."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from leadloop.kernel.decision import Decision
from leadloop.kernel.errors import Invalid, Refused
from leadloop.mailing.contracts import Counted
from leadloop.outreach.contracts import Verdict

UNTYPED_UP_TO = 100  # above so many letters their number must be typed
HOLD_SECONDS = 60


def counted(decisions: Iterable[Decision[Verdict]]) -> Counted:
    """Sort the decisions of the contact policy into at once, later and never, each by its first reason."""
    at_once, later, never = 0, Counter[str](), Counter[str]()
    for decision in decisions:
        if decision.outcome.may:
            at_once += 1
        elif decision.outcome.later_at is not None:
            later[decision.reasons[0].code] += 1
        else:
            never[decision.reasons[0].code] += 1
    return Counted(at_once, dict(later), dict(never))


def left_out_because(decision: Decision[Verdict]) -> str:
    """The code of the reason why somebody never gets it; "" for those who do, at once or later."""
    verdict = decision.outcome
    return "" if verdict.may or verdict.later_at is not None else decision.reasons[0].code


def check_confirmation(wanted: int, typed: int | None) -> None:
    """Raise Refused where nobody would get it, Invalid where the number must be typed and is another."""
    if not wanted:
        raise Refused("Nobody of this segment may be written to", mend="Choose another segment")
    if wanted > UNTYPED_UP_TO and typed != wanted:
        raise Invalid(
            f"{wanted} letters would be written", field="typed", mend=f"Type {wanted} if that is what you want"
        )
