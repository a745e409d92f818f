"""Persons: who is who, merging two records, and taking it back."""
