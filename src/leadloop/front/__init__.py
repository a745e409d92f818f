"""Pages by role."""
