"""What others may ask of the room."""

from leadloop.people.queries.companies import (
    above,
    account_owners,
    accounts_among,
    accounts_of,
    below,
    companies,
    company_ids,
    group_of,
    namesakes,
    own_company_names,
    stands_between,
)
from leadloop.people.queries.comparing import everybody
from leadloop.people.queries.finding import by_external, holders, patterns, search, search_companies, with_address
from leadloop.people.queries.persons import (
    consents,
    contact_points,
    family_names,
    members,
    old_ids,
    own_names,
    people,
    people_at,
    positions,
)
from leadloop.people.queries.profiles import profiles
from leadloop.people.queries.reach import erased, reachable, suppressed

__all__ = [
    "above",
    "account_owners",
    "accounts_among",
    "accounts_of",
    "below",
    "by_external",
    "companies",
    "company_ids",
    "consents",
    "contact_points",
    "erased",
    "everybody",
    "family_names",
    "group_of",
    "holders",
    "members",
    "namesakes",
    "old_ids",
    "own_company_names",
    "own_names",
    "patterns",
    "people",
    "people_at",
    "positions",
    "profiles",
    "reachable",
    "search",
    "search_companies",
    "stands_between",
    "suppressed",
    "with_address",
]
