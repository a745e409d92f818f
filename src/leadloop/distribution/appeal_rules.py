"""When a lead given back may be appealed, and by whom it is decided."""

from __future__ import annotations

from datetime import datetime, timedelta

from leadloop.agreement.contracts import Terms
from leadloop.distribution.contracts import AssignmentState, GivenBack, Verdict
from leadloop.kernel.decision import Decision, Reason
from leadloop.leads.contracts import Stage

APPEAL_WITHIN = timedelta(days=14)


def may_appeal(back: GivenBack, by: int, terms: Terms, now: datetime) -> Decision[bool]:
    """Within two weeks, once, not by the one who gave it back, and only where somebody else is there to decide."""
    reasons = []
    if back.appeal_id is not None:
        reasons.append(Reason("appealed_already", "An appeal against this was made already."))
    if by == back.user_id:
        reasons.append(Reason("own_answer", "You gave this lead back yourself."))
    elif not others(back, by, terms):
        reasons.append(Reason("nobody_else", "You would decide it yourself; hand the lead over by name instead."))
    if now - back.at > APPEAL_WITHIN:
        reasons.append(Reason("too_late", f"An appeal can be made within {APPEAL_WITHIN.days} days."))
    return Decision(outcome=not reasons, reasons=tuple(reasons))


def may_decide(back: GivenBack, state: AssignmentState, by: int, terms: Terms) -> Decision[bool]:
    """Whoever answers for handing over, or the deputy; never whoever made the appeal or gave the lead back."""
    reasons = []
    if by not in arbiters(terms):
        reasons.append(Reason("not_the_keeper", f"“{terms.label(Stage.ASSIGNED)}” has another keeper."))
    if by in (back.user_id, back.made_by_id):
        reasons.append(Reason("own_case", "Nobody decides their own case; the deputy can."))
    if back.verdict is not Verdict.OPEN:
        reasons.append(Reason("decided", "This appeal is decided."))
    if state is not AssignmentState.REJECTED:
        reasons.append(Reason("taken_back", "Giving the lead back was undone meanwhile."))
    return Decision(outcome=not reasons, reasons=tuple(reasons))


def arbiters(terms: Terms) -> tuple[int, ...]:
    """Keeper and deputy of handing over."""
    clause = terms.clauses.stages[Stage.ASSIGNED]
    return tuple(one for one in (clause.keeper_id, clause.deputy_id) if one is not None)


def others(back: GivenBack, by: int, terms: Terms) -> list[int]:
    """Who could decide an appeal that `by` makes, keeper first."""
    return [one for one in arbiters(terms) if one not in (by, back.user_id)]
