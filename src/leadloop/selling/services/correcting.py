"""Taking back that a deal was closed, and correcting what a won deal brought."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from django.db import transaction

from leadloop.kernel.errors import Invalid, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import LineIn, State
from leadloop.selling.facts import OpportunityChanged, OpportunityReopened
from leadloop.selling.models import Line, Opportunity
from leadloop.selling.services.days import base_amount, day_of
from leadloop.selling.services.holding import hold
from leadloop.selling.services.line_rows import write_lines


def reopen(opportunity_id: int, *, actor: Actor, now: datetime) -> None:
    """Take winning or losing back: the deal stands open again where it stood. Its leads are the caller's to put back.

    What had been won is taken off again on record. One without a next step is due at once.
    """
    with transaction.atomic():
        held = hold(opportunity_id, state=None)
        if held.row.state is State.OPEN:
            raise Refused("This deal is open", field="opportunity_id", mend="Load the page again")
        Opportunity.objects.filter(id=opportunity_id).update(
            state=str(State.OPEN),
            closed_at=None,
            close_reason="",
            base_minor=None,
            next_step_at=held.row.next_step_at or now,
        )
        won = held.row.state is State.WON
        fact = OpportunityReopened(
            happened_at=now,
            **held.whose,
            reason=held.row.close_reason,
            amount=-held.row.minor if won else None,
            currency=held.row.currency if won else None,
            base_amount=-(held.row.base_minor or 0) if won else None,
            before=str(held.row.state),
        )
        record([fact], actor=actor)


def correct_win(opportunity_id: int, *, delta: int, reason: str, actor: Actor, now: datetime) -> int:
    """Correct what a won deal brought by `delta` minor units of its currency, and return its new base amount.

    A fact tells the difference, in both currencies at the rate of the closing day; where lines say the amount, a
    line of its own does. Raises Refused unless the deal is won, Invalid when less than nothing would be left.
    """
    with transaction.atomic():
        held = hold(opportunity_id, state=State.WON)
        row = held.row
        if not delta or row.minor + delta < 0:
            raise Invalid("Nothing, or less than nothing, would be left", field="delta", mend="Give the difference")
        if not reason.strip():
            raise Invalid("Why it is corrected is missing", field="reason", mend="Give a short code, such as refund")
        base = base_amount(row.minor + delta, row.currency, day_of(row.closed_at or now))
        if Line.objects.filter(opportunity_id=row.id).exists():
            write_lines(row.id, [LineIn(name="Correction", quantity=Decimal(1), unit_minor=delta)])
        Opportunity.objects.filter(id=row.id).update(minor=row.minor + delta, base_minor=base)
        fact = OpportunityChanged(
            happened_at=now,
            **held.whose,
            reason=reason.strip(),
            amount=delta,
            currency=row.currency,
            base_amount=base - (row.base_minor or 0),
            changes={"amount": [str(row.minor), str(row.minor + delta)]},
        )
        record([fact], actor=actor)
    return base
