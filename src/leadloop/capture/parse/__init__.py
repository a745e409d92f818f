"""Reading deliveries: bytes → texts by field → a raised hand. Pure: no database, no clock."""

from leadloop.capture.parse.build import UNMATCHED, Known, Matched, build
from leadloop.capture.parse.draft import Draft, draft
from leadloop.capture.parse.plan import RowPlan, compile_plan
from leadloop.capture.parse.touch import is_telling, touch

__all__ = [
    "UNMATCHED",
    "Draft",
    "Known",
    "Matched",
    "RowPlan",
    "build",
    "compile_plan",
    "draft",
    "is_telling",
    "touch",
]
