"""Chance that can be repeated: every question has its own dice, so that one answer more changes no other."""

from __future__ import annotations

import random
from collections.abc import Mapping


def dice(seed: int, *about: object) -> random.Random:
    """The dice for one question, such as `dice(seed, "person", 12)`; the same question falls the same way."""
    return random.Random(":".join(map(str, (seed, *about))))  # noqa: S311 - plays a story, guards nothing


def weighted(roll: random.Random, shares: Mapping[str, float]) -> str:
    """One of the keys, each as often as its share says."""
    return roll.choices(list(shares), list(shares.values()))[0]
