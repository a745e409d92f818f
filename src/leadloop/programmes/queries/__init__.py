"""Named reads of the room; one query each."""

from leadloop.programmes.queries.advertising import programmes_of, tagged, tags_for
from leadloop.programmes.queries.costs import budgets, costs, totals
from leadloop.programmes.queries.match import match, utm_rules
from leadloop.programmes.queries.tree import below, names, programmes, source_id, sources

__all__ = [
    "below",
    "budgets",
    "costs",
    "match",
    "names",
    "programmes",
    "programmes_of",
    "source_id",
    "sources",
    "tagged",
    "tags_for",
    "totals",
    "utm_rules",
]
