"""Which journeys are sound, and how far a lead gets on one. Pure."""

from leadloop.nurture.rules.checking import check_graph, read_graph
from leadloop.nurture.rules.supplying import SUPPLIED, engagement_now, unsupplied
from leadloop.nurture.rules.walking import first_due, walk

__all__ = ["SUPPLIED", "check_graph", "engagement_now", "first_due", "read_graph", "unsupplied", "walk"]
