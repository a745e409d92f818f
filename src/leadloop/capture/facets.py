"""What the room lets others read: the inquiries of a lead."""

from leadloop.capture.contracts import KINDS, Outcome
from leadloop.criteria.contracts import Column, FacetView
from leadloop.criteria.registry import register

INQUIRIES = FacetView(
    view="capture_facet_inquiry",
    subject="lead",
    prefix="inquiries",
    key="lead_id",
    columns=(
        Column("inquiry_id", "Inquiry", "id"),
        Column("portal_id", "Portal of an inquiry", "id"),
        Column("portal_key", "Key of the portal of an inquiry", "text"),
        Column("external_id", "Number in the other system", "text"),
        Column("kind", "Kind of an inquiry", "choice", KINDS),
        Column("interest_id", "Interest of an inquiry", "id"),
        Column("programme_id", "Programme of an inquiry", "id"),
        Column("source_id", "Source of an inquiry", "id"),
        Column("asset_id", "Content asked for", "id"),
        Column("outcome", "What an inquiry did", "choice", tuple(str(one) for one in Outcome)),
        Column("happened_at", "Time of an inquiry", "datetime"),
        Column("received_at", "Arrival of an inquiry", "datetime"),
        Column("budget", "Answer about budget", "text", personal=True),
        Column("authority", "Answer about authority", "text", personal=True),
        Column("need", "Answer about need", "text", personal=True),
        Column("timing", "Answer about timing", "text", personal=True),
        Column("utm_source", "Campaign source", "text"),
        Column("utm_medium", "Campaign medium", "text"),
        Column("utm_campaign", "Campaign name", "text"),
    ),
)

register(INQUIRIES)
