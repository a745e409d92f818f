"""How people work on leads: who does what next, and when. Decided from the truth and from how things stand."""

from leadloop.loop.simulator.conduct.acts import perform
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.conduct.people import Desk
from leadloop.loop.simulator.conduct.planning import plan

__all__ = ["Act", "Desk", "Pursued", "perform", "plan"]
