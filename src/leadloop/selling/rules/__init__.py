"""What may be logged, what a deal is worth and what endangers it. Pure."""

from leadloop.selling.rules.calling import (
    MOST_ATTEMPTS,
    NextStep,
    Place,
    Standing,
    Tried,
    after_call,
    next_attempt,
    place_of,
    put_off,
    tried,
)
from leadloop.selling.rules.changing import TEXTS, Ground, check_ahead, clean, code
from leadloop.selling.rules.closing import Stake, check_closing_day, fates_of
from leadloop.selling.rules.dealing import NEEDS, check_pipeline, check_step, is_pushed, missing_for
from leadloop.selling.rules.logging import check_activity
from leadloop.selling.rules.risking import risks
from leadloop.selling.rules.valuing import Worth, check_line, line_total, weighted, worth

__all__ = [
    "MOST_ATTEMPTS",
    "NEEDS",
    "TEXTS",
    "Ground",
    "NextStep",
    "Place",
    "Stake",
    "Standing",
    "Tried",
    "Worth",
    "after_call",
    "check_activity",
    "check_ahead",
    "check_closing_day",
    "check_line",
    "check_pipeline",
    "check_step",
    "clean",
    "code",
    "fates_of",
    "is_pushed",
    "line_total",
    "missing_for",
    "next_attempt",
    "place_of",
    "put_off",
    "risks",
    "tried",
    "weighted",
    "worth",
]
