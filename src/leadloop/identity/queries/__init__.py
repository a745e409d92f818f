"""What others may ask of the room."""

from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.identity.queries.history import decisions, history
from leadloop.identity.queries.newcomers import known, newcomers
from leadloop.identity.queries.suggestions import (
    open_from,
    open_suggestions,
    suggestions,
    suggestions_of,
    suggestions_read,
)

__all__ = [
    "decisions",
    "history",
    "known",
    "known_as",
    "newcomers",
    "open_from",
    "open_suggestions",
    "suggestions",
    "suggestions_of",
    "suggestions_read",
    "survivors",
]
