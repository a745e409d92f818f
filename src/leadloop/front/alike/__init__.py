"""Records that look alike: one person or two."""
