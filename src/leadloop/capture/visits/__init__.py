"""What people read on the company's own pages: kept without a name until they say who they are, if they allow it."""

from leadloop.capture.visits.gathering import Session, gather
from leadloop.capture.visits.keeping import know, see, sweep
from leadloop.capture.visits.pages import PagesRead, pages_read
from leadloop.capture.visits.reading import PageSeen, read_page

__all__ = ["PageSeen", "PagesRead", "Session", "gather", "know", "pages_read", "read_page", "see", "sweep"]
