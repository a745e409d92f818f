"""Takes the pictures that the documents show: `python -m scripts.pictures [NAME …]`."""

from datetime import UTC, datetime

# A Tuesday, when the demo company is at work. The story is told up to it, and there the clock of its pages stands.
MOMENT = datetime(2026, 11, 24, 9, 42, tzinfo=UTC)
