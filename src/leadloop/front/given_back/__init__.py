"""Leads that were given back, and the appeals against it."""
