"""Conditions over declared facets, and custom field definitions."""
