"""What others may ask of the room."""

from leadloop.people.queries.companies import account_owners, accounts_of, below, companies
from leadloop.people.queries.comparing import everybody
from leadloop.people.queries.confirmations import (
    confirmation,
    confirmation_counts,
    confirmations_by_id,
    confirmations_for,
    confirmations_of,
)
from leadloop.people.queries.finding import by_external, holders, patterns, search, search_companies, with_address
from leadloop.people.queries.persons import (
    consents,
    contact_points,
    family_names,
    members,
    old_ids,
    own_names,
    people,
    positions,
)
from leadloop.people.queries.profiles import profiles
from leadloop.people.queries.reach import erased, reachable, suppressed

__all__ = [
    "account_owners",
    "accounts_of",
    "below",
    "by_external",
    "companies",
    "confirmation",
    "confirmation_counts",
    "confirmations_by_id",
    "confirmations_for",
    "confirmations_of",
    "consents",
    "contact_points",
    "erased",
    "everybody",
    "family_names",
    "holders",
    "members",
    "old_ids",
    "own_names",
    "patterns",
    "people",
    "positions",
    "profiles",
    "reachable",
    "search",
    "search_companies",
    "suppressed",
    "with_address",
]
