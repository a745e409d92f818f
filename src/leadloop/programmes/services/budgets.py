"""Budgets: asked for by one named person, approved by another. Who may approve is checked by the caller."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.kernel.money import Money
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.programmes.facts import BudgetApproved, BudgetAsked
from leadloop.programmes.models import Budget, Programme


@transaction.atomic
def ask_budget(*, programme_id: int, amount: Money, actor: Actor, now: datetime) -> int:
    """Ask for money for a programme, in the actor's name; return the budget's id.

    Raises Invalid for an amount that is not above nought, NotFound for an unknown programme, Forbidden when no
    person asks.
    """
    asker = _person(actor)
    if amount.minor <= 0:
        raise Invalid("a budget must be above nought", field="amount", mend="Give the amount that is needed")
    if not Programme.objects.filter(id=programme_id).exists():
        raise NotFound("There is no such programme")
    budget = Budget.objects.create(
        programme_id=programme_id,
        minor=amount.minor,
        currency=amount.currency,
        asked_by_id=asker,
        asked_at=now,
    )
    fact = BudgetAsked(
        happened_at=now,
        programme_id=programme_id,
        amount=amount.minor,
        currency=amount.currency,
        budget_id=budget.id,
    )
    record([fact], actor=actor)
    return budget.id


@transaction.atomic
def approve_budget(*, budget_id: int, actor: Actor, now: datetime, minor: int | None = None) -> int:
    """Approve a budget in the actor's name: all of it, or `minor` units of its currency. Return what was approved.

    Raises NotFound, Conflict when it is approved already, Invalid for more than was asked for or less than nought,
    Forbidden when no person approves.
    """
    approver = _person(actor)
    budget = Budget.objects.select_for_update().filter(id=budget_id).first()
    if budget is None:
        raise NotFound("There is no such budget")
    if budget.approved_at is not None:
        raise Conflict("This budget is approved already", mend="Ask for another one for what is needed besides")
    approved = budget.minor if minor is None else minor
    if not 0 <= approved <= budget.minor:
        raise Invalid(
            "more is approved than was asked for", field="amount", mend="Approve the amount asked for or less"
        )
    budget.approved_by_id, budget.approved_at, budget.approved_minor = approver, now, approved
    budget.save(update_fields=["approved_by_id", "approved_at", "approved_minor"])
    fact = BudgetApproved(
        happened_at=now,
        programme_id=budget.programme_id,
        amount=approved,
        currency=budget.currency,
        budget_id=budget.id,
    )
    record([fact], actor=actor)
    return approved


def _person(actor: Actor) -> int:
    user_id = user_of(actor)
    if user_id is None:
        raise Forbidden("A budget is a matter between named persons", mend="Sign in and do it in your own name")
    return user_id
