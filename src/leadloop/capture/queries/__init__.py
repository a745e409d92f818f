"""Named reads of the room."""

from leadloop.capture.queries.batches import batches, paper_rows
from leadloop.capture.queries.health import counts, gaps, health, hook
from leadloop.capture.queries.inbox import balance, delivery, quarantine_size, quarantined, waiting, waiting_since
from leadloop.capture.queries.inquiries import in_places, inquiries, inquiries_read, inquiry
from leadloop.capture.queries.letters import letter_shown, letter_values
from leadloop.capture.queries.portals import alike_of, portal, portals
from leadloop.capture.queries.runs import import_runs, refused_rows

__all__ = [
    "alike_of",
    "balance",
    "batches",
    "counts",
    "delivery",
    "gaps",
    "health",
    "hook",
    "import_runs",
    "in_places",
    "inquiries",
    "inquiries_read",
    "inquiry",
    "letter_shown",
    "letter_values",
    "paper_rows",
    "portal",
    "portals",
    "quarantine_size",
    "quarantined",
    "refused_rows",
    "waiting",
    "waiting_since",
]
