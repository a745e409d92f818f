"""What crosses the door of `selling`."""

from leadloop.selling.contracts.activities import ActivityIn, ActivityKind, ActivityRow, Logged, PastActivity
from leadloop.selling.contracts.board import AccountSort, AccountSums, Card, Column, Deal, Doing, Tally
from leadloop.selling.contracts.deals import (
    Category,
    Fate,
    LineIn,
    LineRow,
    LinkRow,
    OpportunityRow,
    PastDeal,
    StageIn,
    StageRow,
    State,
)

__all__ = [
    "AccountSort",
    "AccountSums",
    "ActivityIn",
    "ActivityKind",
    "ActivityRow",
    "Card",
    "Category",
    "Column",
    "Deal",
    "Doing",
    "Fate",
    "LineIn",
    "LineRow",
    "LinkRow",
    "Logged",
    "OpportunityRow",
    "PastActivity",
    "PastDeal",
    "StageIn",
    "StageRow",
    "State",
    "Tally",
]
