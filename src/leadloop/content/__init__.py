"""Assets and templates."""
