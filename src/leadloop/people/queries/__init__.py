"""What others may ask of the room."""

from leadloop.people.queries.companies import (
    account_owners,
    accounts_of,
    below,
    companies,
    company_told_last,
    next_companies,
)
from leadloop.people.queries.comparing import everybody
from leadloop.people.queries.finding import (
    by_external,
    holders,
    namesakes,
    patterns,
    search,
    search_companies,
    with_address,
)
from leadloop.people.queries.persons import (
    buying_roles,
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
    "buying_roles",
    "by_external",
    "companies",
    "company_told_last",
    "consents",
    "contact_points",
    "erased",
    "everybody",
    "family_names",
    "holders",
    "members",
    "namesakes",
    "next_companies",
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
