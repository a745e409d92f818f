"""Writes of the room."""

from leadloop.programmes.services.advertising import AdsBooked, book_ads, plan_ads
from leadloop.programmes.services.budgets import approve_budget, ask_budget
from leadloop.programmes.services.costs import correct, spend
from leadloop.programmes.services.setup import add_source, create, set_utm_rules

__all__ = [
    "AdsBooked",
    "add_source",
    "approve_budget",
    "ask_budget",
    "book_ads",
    "correct",
    "create",
    "plan_ads",
    "set_utm_rules",
    "spend",
]
