"""A company with known truth: its history, told in memory by the rooms' own rules and written at once."""

from leadloop.loop.simulator.record import truth_of
from leadloop.loop.simulator.run import Size, simulate, simulate_large
from leadloop.loop.simulator.story import Story
from leadloop.loop.simulator.truth import Truth

__all__ = ["Size", "Story", "Truth", "simulate", "simulate_large", "truth_of"]
