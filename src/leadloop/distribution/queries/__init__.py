"""Named reads of the room."""

from leadloop.distribution.queries.appeals import given_back, given_back_one, records
from leadloop.distribution.queries.history import assignments, assignments_read, refusals
from leadloop.distribution.queries.setup import Routing, members, pools, routing

__all__ = [
    "Routing",
    "assignments",
    "assignments_read",
    "given_back",
    "given_back_one",
    "members",
    "pools",
    "records",
    "refusals",
    "routing",
]
