"""What others may read of messages to persons, and what the outbox does when a person is erased."""

from __future__ import annotations

from leadloop.criteria.registry import Column, FacetView, register
from leadloop.outreach.contracts import Channel, Purpose, State
from leadloop.outreach.erasure import erase, export
from leadloop.people.stores import register_store

MESSAGE = FacetView(
    view="outreach_facet_message",
    subject="lead",
    prefix="message",
    key="lead_id",
    columns=(
        Column("channel", "Channel", "choice", tuple(str(channel) for channel in Channel)),
        Column("purpose", "Purpose", "choice", (str(Purpose.TRANSACTIONAL), str(Purpose.MARKETING))),
        Column("template_key", "Template", "text"),
        Column("state", "What became of it", "choice", tuple(str(state) for state in State)),
        Column("detail", "Why", "text"),
        Column("queued_at", "Written", "datetime"),
        Column("sent_at", "Sent", "datetime"),
    ),
)

register(MESSAGE)
register_store("outbox", erase, export, says="messages to them and about them")
