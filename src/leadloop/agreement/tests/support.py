"""A sound agreement whose people are just numbers."""

from __future__ import annotations

from leadloop.agreement.contracts import Clauses
from leadloop.agreement.standard import Keepers, clauses

PEOPLE = frozenset(range(1, 8))


def text() -> Clauses:
    keepers = Keepers(capture=1, qualification=2, nurturing=3, distribution=4, selling=5, tracking=6, deputy=7)
    return clauses(keepers)
