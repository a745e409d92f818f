"""Reading pursuits. What people see goes through a viewer; rooms that act by rule read by ids."""

from leadloop.leads.queries.counting import counts, open_count_by_owner, tabs, tabs_read, tally
from leadloop.leads.queries.listing import lead, listing
from leadloop.leads.queries.newest import newest_by_owner
from leadloop.leads.queries.rows import all_of, goes_on_as, latest_of, open_of, promises, rows
from leadloop.leads.queries.selecting import count_each, listed_ids
from leadloop.leads.queries.visibility import Condition, persons_within, reaches, visible, visible_to
from leadloop.leads.queries.worklist import worklist, worklist_read

__all__ = [
    "Condition",
    "all_of",
    "count_each",
    "counts",
    "goes_on_as",
    "latest_of",
    "lead",
    "listed_ids",
    "listing",
    "newest_by_owner",
    "open_count_by_owner",
    "open_of",
    "persons_within",
    "promises",
    "reaches",
    "rows",
    "tabs",
    "tabs_read",
    "tally",
    "visible",
    "visible_to",
    "worklist",
    "worklist_read",
]
