"""Prospecting: a salesperson adds people of their own, and works them at once.

Terms: a *prospect* is somebody whom one of our people found; the *finder* found them. Guarantee: a prospect comes in as
every inquiry does, through a portal, and is counted there; the lead is the finder's from the first, with a next step;
nobody's open lead changes hands. Steps: read as intake will; look who is known and whose they are; deliver; take in.
"""

from leadloop.loop.prospecting.adding import add
from leadloop.loop.prospecting.contracts import Added, Basis, Look, Prospect, Standing, Then
from leadloop.loop.prospecting.looking import BASIS, doors, look

__all__ = ["BASIS", "Added", "Basis", "Look", "Prospect", "Standing", "Then", "add", "doors", "look"]
