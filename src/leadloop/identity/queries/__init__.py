"""What others may ask of the room."""

from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.identity.queries.history import decisions, history

__all__ = ["decisions", "history", "known_as", "survivors"]
