"""What others may read of the cost book."""

from __future__ import annotations

from leadloop.criteria.registry import Column, FacetView, register
from leadloop.programmes.contracts import Allocation, CostKind

COST = FacetView(
    view="programmes_facet_cost",
    subject="programme",
    prefix="cost",
    key="programme_id",
    columns=(
        Column("kind", "Kind of cost", "choice", tuple(str(kind) for kind in CostKind)),
        Column("base_minor", "Cost", "money"),
        Column("booked_on", "Booked on", "date"),
        Column("paid_on", "Paid on", "date"),
        Column("allocation", "How it is spread", "choice", tuple(str(way) for way in Allocation if way)),
    ),
)

register(COST)
