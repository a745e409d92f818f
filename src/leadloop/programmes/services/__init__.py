"""Writes of the room."""

from leadloop.programmes.services.budgets import approve_budget, ask_budget
from leadloop.programmes.services.costs import correct, spend
from leadloop.programmes.services.setup import add_source, create, set_utm_rules

__all__ = ["add_source", "approve_budget", "ask_budget", "correct", "create", "set_utm_rules", "spend"]
