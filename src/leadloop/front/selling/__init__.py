"""The board and its deals."""
