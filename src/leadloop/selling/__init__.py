"""Activities and opportunities."""
