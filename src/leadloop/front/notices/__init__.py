"""The page of notices, and the count beside its place in the rail."""
