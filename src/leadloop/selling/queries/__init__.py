"""Named reads of the room. What people see goes through a viewer; rooms that act by rule read by ids."""

from leadloop.selling.queries.activities import activities, doings, done_by
from leadloop.selling.queries.board import board, cards
from leadloop.selling.queries.deals import (
    open_count_by_owner,
    opportunities_of,
    opportunity,
    rows,
)
from leadloop.selling.queries.listing import cycle_days, deals, tally
from leadloop.selling.queries.stages import pipeline_stages
from leadloop.selling.queries.visibility import visible, visible_to

__all__ = [
    "activities",
    "board",
    "cards",
    "cycle_days",
    "deals",
    "doings",
    "done_by",
    "open_count_by_owner",
    "opportunities_of",
    "opportunity",
    "pipeline_stages",
    "rows",
    "tally",
    "visible",
    "visible_to",
]
