"""What others may ask of the room."""

from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.identity.queries.history import decisions, history, may_be_one, merge_row, was_parted_read

__all__ = ["decisions", "history", "known_as", "may_be_one", "merge_row", "survivors", "was_parted_read"]
