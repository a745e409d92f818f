"""Funnel, follow-up, cost and return."""
