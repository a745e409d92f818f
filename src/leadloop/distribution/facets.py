"""What others may read of hand-overs."""

from __future__ import annotations

from leadloop.criteria.registry import Column, FacetView, register
from leadloop.distribution.contracts import AssignmentState, How

register(
    FacetView(
        view="distribution_facet_assignment",
        subject="lead",
        prefix="assignment",
        key="lead_id",
        columns=(
            Column("user_id", "Handed over to", "id"),
            Column("pool_id", "From the pool", "id"),
            Column("how", "By way of", "choice", tuple(str(how) for how in How)),
            Column("rule", "By the rule", "text"),
            Column("state", "What became of it", "choice", tuple(str(state) for state in AssignmentState)),
            Column("offered_at", "Handed over", "datetime"),
            Column("settled_at", "Answered", "datetime"),
            Column("reason", "Reason", "text"),
        ),
    )
)
