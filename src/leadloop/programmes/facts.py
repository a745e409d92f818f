"""What happens to programmes and their money."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("source.added", "A source was added")
class SourceAdded(Fact):
    """From now on touches can come from it."""

    source_id: int


@fact("utm_rules.set", "The rules that name source and programme of a visit were set")
class UtmRulesSet(Fact):
    """All of them at once."""

    rules: int


@fact("programme.created", "A programme was set up")
class ProgrammeCreated(Fact):
    """With its accountable owner."""

    owner_id: int


@fact("cost.booked", "A cost was booked")
class CostBooked(Fact):
    """`amount` in its currency, `base_amount` at the rate of the booked day; negative for a correction."""

    cost_id: int
    cost_kind: str
    booked_on: str


@fact("budget.asked", "A budget was asked for")
class BudgetAsked(Fact):
    """By name."""

    budget_id: int


@fact("budget.approved", "A budget was approved")
class BudgetApproved(Fact):
    """By name; `amount` is what was approved."""

    budget_id: int
