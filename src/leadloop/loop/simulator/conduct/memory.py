"""What the simulator remembers of each pursuit while people work on it, and what people are about to do."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random
from typing import Any

from leadloop.loop.simulator.house.state import Lead
from leadloop.loop.simulator.truth import Inquirer


@dataclass(slots=True)
class Act:
    """Somebody about to do something to a lead; `token` is void once the lead was planned anew."""

    at: datetime
    user: str  # short name
    verb: str
    lead: Lead
    args: dict[str, Any] = field(default_factory=dict)
    token: int | None = None  # None: whatever happens meanwhile
    then: Lead | None = None  # whose next thing is thought about again afterwards


@dataclass(slots=True)
class Pursued:
    """One lead as the story sees it."""

    who: Inquirer
    raised_at: datetime
    roll: Random
    token: int = 0
    mark: tuple[Any, ...] = ()
    follows: dict[str, bool] = field(default_factory=dict)  # whether this owner follows up
    tries: int = 0
    contacts: int = 0
    first_contact: datetime | None = None
    met: bool = False
    nurtured: bool = False
    wakes: int = 0
    visits: int = 0  # to its deal
    todo: str = ""  # what comes right after the visit
    asked_partner: bool = False
    late: bool = False  # somebody let it lie on purpose: a leak of the truth
    won: bool = False

    def days(self, moment: datetime) -> float:
        """Days since the hand was raised."""
        return (moment - self.raised_at).total_seconds() / 86_400

    def decided(self, moment: datetime, patience: float = 1.2) -> bool:
        """Whether they have made up their mind by now, and not waited for us."""
        return self.days(moment) > self.who.decides_in * patience
