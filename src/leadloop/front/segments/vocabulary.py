"""What conditions may be built of in the browser, with the names behind ids."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from leadloop.agreement.queries import in_force
from leadloop.capture.queries import portals
from leadloop.catalogue.queries import families
from leadloop.criteria.contracts import Facet
from leadloop.criteria.queries import all_facets
from leadloop.distribution.queries import pools
from leadloop.kernel.errors import Unavailable
from leadloop.platform.queries import teams, users
from leadloop.programmes.queries import programmes, sources

GROUPS = {
    "lead": "Lead",
    "person": "Person",
    "company": "Firm",
    "inquiries": "Inquiries",
    "promise": "Promises",
    "stage_entry": "Stages it was in",
    "activity": "What sales did",
    "assignment": "Hand-overs",
    "message": "Messages to the person",
    "journey": "Journeys",
    "win": "Deals won",
}
HIDDEN = {"lead.engagement"}  # a logarithm that nobody can type
OPERATORS = {
    "=": "is",
    "!=": "is not",
    "in": "is one of",
    "not_in": "is none of",
    "contains": "contains",
    "starts_with": "starts with",
    "<": "is below",
    "<=": "is at most",
    ">": "is above",
    ">=": "is at least",
    "between": "is between",
    "is": "is",
    "before": "is before",
    "after": "is after",
    "within_days": "was within the last … days",
    "older_than_days": "was more than … days ago",
    "within_next_days": "is within the next … days",
    "has": "has",
    "has_any": "has one of",
    "is_set": "is filled in",
    "is_empty": "is empty",
}
_USERS = ("owner_id", "user_id", "account_owner_id")


@dataclass(frozen=True)
class Vocabulary:
    """The facets of one subject that a page offers."""

    subject: str

    @cached_property
    def names(self) -> dict[str, dict[str, str]]:
        """What the values of a facet are called, by its key."""
        return {key: dict(_choices(facet, self._named)) for key, facet in self.facets.items() if _closed(facet)}

    @cached_property
    def facets(self) -> dict[str, Facet]:
        """Facets by key, those left out whose ids have no names."""
        found = {facet.key: facet for facet in all_facets(self.subject) if facet.key not in HIDDEN}
        return {key: one for key, one in found.items() if one.type != "id" or one.column in self._named}

    @cached_property
    def _named(self) -> dict[str, dict[str, str]]:
        """Names of ids, by the column that holds them."""
        staff = {str(key): row.name for key, row in users(active=True).items()}
        return {
            **dict.fromkeys(_USERS, staff),
            "team_id": {str(key): row.name for key, row in teams().items()},
            "interest_id": {str(key): row.name for key, row in families().items()},
            "programme_id": {str(key): row.name for key, row in programmes().items()},
            "source_id": {str(key): row.label for key, row in sources().items()},
            "portal_id": {str(row.id): row.name for row in portals().values()},
            "pool_id": {str(key): row.name for key, row in pools().items()},
        }

    def grouped(self) -> list[tuple[str, list[tuple[str, str]]]]:
        """Facets for a list to choose from: heading, then key and label."""
        found: dict[str, list[tuple[str, str]]] = {}
        for key, facet in self.facets.items():
            prefix = key.partition(".")[0]
            found.setdefault(GROUPS.get(prefix, prefix.capitalize()), []).append((key, facet.label))
        return list(found.items())


def _closed(facet: Facet) -> bool:
    return facet.type == "id" or bool(facet.options)


def _choices(facet: Facet, named: Mapping[str, Mapping[str, str]]) -> list[tuple[str, str]]:
    if facet.type == "id":
        return list(named[facet.column].items())
    stages = _stage_labels() if facet.column in ("stage", "before") else {}
    return [(value, stages.get(value, _words(label))) for value, label in facet.options if value]


def _stage_labels() -> dict[str, str]:
    """Stages as the agreement calls them; none before there is one."""
    try:
        return {key: clause.label for key, clause in in_force().clauses.stages.items()}
    except Unavailable:
        return {}


def _words(label: str) -> str:
    return label[:1].upper() + label[1:]
