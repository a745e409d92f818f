"""What may happen to a pursuit and what is owed on it. Pure: facts and `now` in, decisions with reasons out."""

from leadloop.leads.rules.grading import grade
from leadloop.leads.rules.moving import MoveFacts, exception_of, may_move, needed_uses
from leadloop.leads.rules.opening import Opening, exception_at_opening, first_promises, first_stage
from leadloop.leads.rules.promises import DueTimes, due, promise_for, settle
from leadloop.leads.rules.stages import FOLLOW_UP, KEEPER_STAGES, MOVES, OWED, STAGE_PROMISE, is_recycling

__all__ = [
    "FOLLOW_UP",
    "KEEPER_STAGES",
    "MOVES",
    "OWED",
    "STAGE_PROMISE",
    "DueTimes",
    "MoveFacts",
    "Opening",
    "due",
    "exception_at_opening",
    "exception_of",
    "first_promises",
    "first_stage",
    "grade",
    "is_recycling",
    "may_move",
    "needed_uses",
    "promise_for",
    "settle",
]
