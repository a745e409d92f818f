"""What the room does."""

from leadloop.identity.services.judging import decide_suggestions, reopen_suggestions
from leadloop.identity.services.likening import join_alike, liken
from leadloop.identity.services.merging import merge, note_moved
from leadloop.identity.services.merging_companies import (
    hold_company_merge,
    inquiries_since_companies,
    judge_companies,
    merge_companies,
    note_company_moved,
    unmerge_companies,
)
from leadloop.identity.services.parting import never_merge
from leadloop.identity.services.passing import keep_pass
from leadloop.identity.services.releasing import release
from leadloop.identity.services.resolving import resolve, resolve_firms
from leadloop.identity.services.suggesting import suggest
from leadloop.identity.services.unmerging import hold_merge, inquiries_since, unmerge

__all__ = [
    "decide_suggestions",
    "hold_company_merge",
    "hold_merge",
    "inquiries_since",
    "inquiries_since_companies",
    "join_alike",
    "judge_companies",
    "keep_pass",
    "liken",
    "merge",
    "merge_companies",
    "never_merge",
    "note_company_moved",
    "note_moved",
    "release",
    "reopen_suggestions",
    "resolve",
    "resolve_firms",
    "suggest",
    "unmerge",
    "unmerge_companies",
]
