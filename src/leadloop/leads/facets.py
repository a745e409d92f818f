"""What others may read of leads: the headline, the promises, and when each stage was entered."""

from __future__ import annotations

from leadloop.criteria.registry import Column, FacetView, register
from leadloop.leads.contracts import PromiseKind, PromiseState, Stage

_STAGES = tuple(str(stage) for stage in Stage)
_KINDS = tuple(str(kind) for kind in PromiseKind)

LEAD = FacetView(
    view="leads_facet_lead",
    subject="lead",
    prefix="lead",
    key="lead_id",
    columns=(
        Column("stage", "Stage", "choice", _STAGES),
        Column("stage_since", "In this stage since", "datetime"),
        Column("is_open", "Open", "boolean"),
        Column("owner_id", "Owner", "id"),
        Column("team_id", "Team", "id"),
        Column("person_id", "Person", "id"),
        Column("company_id", "Company", "id"),
        Column("interest_id", "Interest", "id"),
        Column("programme_id", "Programme", "id"),
        Column("source_id", "Source", "id"),
        Column("handover", "Way of handing over", "choice", ("sales_ready", "all_inquiries", "sales_owned")),
        Column("grade", "Grade", "choice", ("A", "B", "C", "D")),
        Column("fit", "Fit", "number"),
        Column("engagement", "Engagement as the logarithm S", "number"),
        Column("readiness", "Readiness", "number"),
        Column("propensity", "Chance of winning", "number"),
        Column("expected_value", "Expected value", "money"),
        Column("buying_stage", "Buying stage", "choice", ("unaware", "aware", "considering", "deciding")),
        Column("due_at", "Next step due", "datetime"),
        Column("due_kind", "Next step", "choice", _KINDS),
        Column("last_touch_at", "Last touch", "datetime"),
        Column("touches", "Touches", "number"),
        Column("recycled", "Times recycled", "number"),
        Column("exception_code", "Handed over unqualified because", "text"),
        Column("opened_at", "Opened", "datetime"),
        Column("closed_at", "Closed", "datetime"),
        Column("close_reason", "Reason for closing", "text"),
        Column("follows_id", "Follows the lead", "id"),
    ),
    links=(("person", "person_id"), ("company", "company_id")),
    attributes="attributes",
)

PROMISE = FacetView(
    view="leads_facet_promise",
    subject="lead",
    prefix="promise",
    key="lead_id",
    columns=(
        Column("kind", "What was promised", "choice", _KINDS),
        Column("state", "What became of it", "choice", tuple(str(state) for state in PromiseState)),
        Column("owner_id", "Promised by", "id"),
        Column("made_at", "Promised", "datetime"),
        Column("due_at", "Due", "datetime"),
        Column("is_broken", "Broken", "boolean"),
        Column("broken_at", "Broken since", "datetime"),
        Column("settled_at", "Settled", "datetime"),
        Column("late_seconds", "Seconds late", "number"),
    ),
)

STAGE_ENTRY = FacetView(
    view="leads_facet_stage_entry",
    subject="lead",
    prefix="stage_entry",
    key="lead_id",
    columns=(
        Column("stage", "Stage entered", "choice", _STAGES),
        Column("before", "Stage before", "choice", ("", *_STAGES)),
        Column("entered_at", "Entered", "datetime"),
        Column("owner_id", "Owner then", "id"),
        Column("reason", "Reason", "text"),
        Column("exception", "Handed over unqualified because", "text"),
        Column("agreement_version", "Version of the agreement", "number"),
    ),
)

for view in (LEAD, PROMISE, STAGE_ENTRY):
    register(view)
