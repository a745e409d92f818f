"""What the room does."""

from leadloop.identity.services.merging import merge, note_moved
from leadloop.identity.services.parting import never_merge
from leadloop.identity.services.resolving import resolve
from leadloop.identity.services.unmerging import hold_merge, inquiries_since, unmerge

__all__ = ["hold_merge", "inquiries_since", "merge", "never_merge", "note_moved", "resolve", "unmerge"]
