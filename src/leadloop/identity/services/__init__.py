"""What the room does."""

from leadloop.identity.services.judging import decide_suggestions, reopen_suggestions
from leadloop.identity.services.likening import join_alike, liken
from leadloop.identity.services.merging import merge, note_moved
from leadloop.identity.services.parting import never_merge
from leadloop.identity.services.passing import keep_pass
from leadloop.identity.services.releasing import release
from leadloop.identity.services.resolving import resolve, resolve_firms
from leadloop.identity.services.suggesting import suggest
from leadloop.identity.services.unmerging import hold_merge, inquiries_since, unmerge

__all__ = [
    "decide_suggestions",
    "hold_merge",
    "inquiries_since",
    "join_alike",
    "keep_pass",
    "liken",
    "merge",
    "never_merge",
    "note_moved",
    "release",
    "reopen_suggestions",
    "resolve",
    "resolve_firms",
    "suggest",
    "unmerge",
]
