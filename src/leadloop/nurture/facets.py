"""What others may read of nurture: who is and was on which journey."""

from __future__ import annotations

from leadloop.criteria.contracts import Column, FacetView
from leadloop.criteria.registry import register
from leadloop.nurture.contracts import End

ENROLMENT = FacetView(
    view="nurture_facet_enrolment",
    subject="lead",
    prefix="journey",
    key="lead_id",
    columns=(
        Column("key", "Journey", "text"),
        Column("version", "Version of the journey", "number"),
        Column("node", "Step of the journey", "text"),
        Column("is_on", "On the journey", "boolean"),
        Column("due_at", "Next step of the journey", "datetime"),
        Column("entered_at", "Entered the journey", "datetime"),
        Column("left_at", "Left the journey", "datetime"),
        Column("reason", "Left because", "choice", tuple(str(end) for end in End)),
        Column("steps", "Steps done", "number"),
    ),
)

register(ENROLMENT)
