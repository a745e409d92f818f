"""What others may read of selling: what was done, every deal, and what pursuits brought in."""

from __future__ import annotations

from leadloop.criteria.contracts import Column, FacetView
from leadloop.criteria.registry import register
from leadloop.selling.contracts import ActivityKind, Category, State
from leadloop.selling.outcomes import OUTCOMES

_OUTCOMES = tuple({code: (code, one.label) for known in OUTCOMES.values() for code, one in known.items()}.values())

ACTIVITY = FacetView(
    view="selling_facet_activity",
    subject="lead",
    prefix="activity",
    key="lead_id",
    columns=(
        Column("user_id", "Done by", "id"),
        Column("kind", "What was done", "choice", tuple(str(kind) for kind in ActivityKind)),
        Column("outcome", "How it went", "choice", _OUTCOMES),
        Column("contacted", "Reached or written to", "boolean"),
        Column("happened_at", "Done", "datetime"),
    ),
)

OPPORTUNITY = FacetView(
    view="selling_facet_opportunity",
    subject="opportunity",
    prefix="opportunity",
    key="opportunity_id",
    columns=(
        Column("state", "Open, won or lost", "choice", tuple(str(state) for state in State)),
        Column("stage", "Column of the board", "text"),
        Column("win_percent", "Chance of the column", "number"),
        Column("stage_since", "In this column since", "datetime"),
        Column("owner_id", "Owner", "id"),
        Column("team_id", "Team", "id"),
        Column("company_id", "Company", "id"),
        Column("person_id", "Person", "id"),
        Column("lead_id", "Lead that led to it", "id"),
        Column("minor", "Amount in its own currency", "number"),
        Column("currency", "Currency", "text"),
        Column("base_minor", "Amount won", "money"),
        Column("close_on", "Expected to close", "date"),
        Column("pushed", "Closing date moved, times", "number"),
        Column("next_step_at", "Next step due", "datetime"),
        Column("opened_at", "Opened", "datetime"),
        Column("closed_at", "Closed", "datetime"),
        Column("close_reason", "Reason for closing", "text"),
        Column("category", "Forecast category", "choice", tuple(str(one) for one in Category)),
    ),
    links=(("lead", "lead_id"), ("person", "person_id"), ("company", "company_id")),
)

# A won deal that no lead led to has one row without a lead, so that what is not attributed can be counted.
WIN = FacetView(
    view="selling_facet_win",
    subject="lead",
    prefix="win",
    key="lead_id",
    columns=(
        Column("opportunity_id", "Deal", "id"),
        Column("base_minor", "Amount won", "money"),
        Column("won_at", "Won", "datetime"),
        Column("is_primary", "Led to the deal", "boolean"),
    ),
)

LINE = FacetView(
    view="selling_facet_line",
    subject="opportunity",
    prefix="line",
    key="opportunity_id",
    columns=(
        Column("product_id", "Product", "id"),
        Column("quantity", "Quantity", "number"),
        Column("minor", "Worth in the deal's currency", "number"),
        Column("months", "Term in months", "number"),
        Column("terms_id", "Payment term", "id"),
    ),
)

for view in (ACTIVITY, OPPORTUNITY, WIN, LINE):
    register(view)
