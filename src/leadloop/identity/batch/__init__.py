"""Duplicates in the whole base, found by weights. Reached by the command line, never by pages or pumps."""
