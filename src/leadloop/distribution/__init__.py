"""Routing, acceptance and pull-back."""
