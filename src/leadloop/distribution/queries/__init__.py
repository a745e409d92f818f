"""Named reads of the room."""

from leadloop.distribution.queries.history import assignments, refusals
from leadloop.distribution.queries.setup import Routing, members, pools, routing

__all__ = ["Routing", "assignments", "members", "pools", "refusals", "routing"]
