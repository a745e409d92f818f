"""Named reads: what happened from the first inquiry to the money. From facets only; nothing is stored twice."""

from leadloop.tracking.queries.copied import copied, is_behind
from leadloop.tracking.queries.flow import inquiries_by_week, sources_to_pipeline
from leadloop.tracking.queries.follow_up import follow_up
from leadloop.tracking.queries.funnel import funnel
from leadloop.tracking.queries.loop_table import loop_table
from leadloop.tracking.queries.rebuilt import furthest_from_ledger, stages_from_ledger
from leadloop.tracking.queries.results import behind, worked
from leadloop.tracking.queries.returns import returns
from leadloop.tracking.queries.rows import count, row_ids
from leadloop.tracking.queries.weeks import kept_by_week

__all__ = [
    "behind",
    "copied",
    "count",
    "follow_up",
    "funnel",
    "furthest_from_ledger",
    "inquiries_by_week",
    "is_behind",
    "kept_by_week",
    "loop_table",
    "returns",
    "row_ids",
    "sources_to_pipeline",
    "stages_from_ledger",
    "worked",
]
