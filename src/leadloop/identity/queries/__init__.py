"""What others may ask of the room."""

from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.identity.queries.companies import (
    alike_companies,
    company_merge_row,
    company_merges,
    may_be_one_company,
    verdicts,
)
from leadloop.identity.queries.history import decisions, history, may_be_one, merge_row, pairs_apart, was_parted_read
from leadloop.identity.queries.newcomers import known, newcomers
from leadloop.identity.queries.passes import last_pass
from leadloop.identity.queries.suggestions import (
    open_from,
    open_suggestions,
    suggestions,
    suggestions_of,
    suggestions_read,
)

__all__ = [
    "alike_companies",
    "company_merge_row",
    "company_merges",
    "decisions",
    "history",
    "known",
    "known_as",
    "last_pass",
    "may_be_one",
    "may_be_one_company",
    "merge_row",
    "newcomers",
    "open_from",
    "open_suggestions",
    "pairs_apart",
    "suggestions",
    "suggestions_of",
    "suggestions_read",
    "survivors",
    "verdicts",
    "was_parted_read",
]
