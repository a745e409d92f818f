"""Named reads of the room."""

from leadloop.nurture.queries.enrolments import enrolments, leads_on, on_journeys, standing_at
from leadloop.nurture.queries.journeys import graphs, journeys, published

__all__ = ["enrolments", "graphs", "journeys", "leads_on", "on_journeys", "published", "standing_at"]
