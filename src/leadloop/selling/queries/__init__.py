"""Named reads of the room. What people see goes through a viewer; rooms that act by rule read by ids."""

from leadloop.selling.queries.account_sums import account_sums
from leadloop.selling.queries.accounts import account, account_reach, accounts
from leadloop.selling.queries.activities import activities, activities_read, doings, done_by, last_done
from leadloop.selling.queries.board import board, cards
from leadloop.selling.queries.deals import (
    by_source,
    open_count_by_owner,
    opportunities_of,
    opportunities_read,
    opportunity,
    rows,
)
from leadloop.selling.queries.listing import cycle_days, deals, tally
from leadloop.selling.queries.stages import pipeline_stages
from leadloop.selling.queries.visibility import visible, visible_to

__all__ = [
    "account",
    "account_reach",
    "account_sums",
    "accounts",
    "activities",
    "activities_read",
    "board",
    "by_source",
    "cards",
    "cycle_days",
    "deals",
    "doings",
    "done_by",
    "last_done",
    "open_count_by_owner",
    "opportunities_of",
    "opportunities_read",
    "opportunity",
    "pipeline_stages",
    "rows",
    "tally",
    "visible",
    "visible_to",
]
