"""Fit, readiness and engagement. Pure: values in, a decision with its reasons out."""

from leadloop.qualification.rules.engagement import engagement_now, log_add, rebase, touch_log
from leadloop.qualification.rules.readiness import STATED, stated
from leadloop.qualification.rules.scorer import Scorer, facets_named
from leadloop.qualification.rules.titles import Titles
from leadloop.qualification.rules.worth import buying_stage, expected_value

__all__ = [
    "STATED",
    "Scorer",
    "Titles",
    "buying_stage",
    "engagement_now",
    "expected_value",
    "facets_named",
    "log_add",
    "rebase",
    "stated",
    "touch_log",
]
