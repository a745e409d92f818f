"""A small company with known truth, put through the real loop on a simulated clock."""

from leadloop.loop.simulator.run import Size, simulate
from leadloop.loop.simulator.truth import Truth

__all__ = ["Size", "Truth", "simulate"]
