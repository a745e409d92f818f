"""Writes of the room."""

from leadloop.segments.services.keeping import archive, hand_over_all, save
from leadloop.segments.services.viewing import remove_view, save_view

__all__ = ["archive", "hand_over_all", "remove_view", "save", "save_view"]
