"""What the simulator remembers while the story goes on."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from random import Random

from leadloop.leads.contracts import LeadRow
from leadloop.loop.simulator.company import Demo
from leadloop.loop.simulator.dice import dice
from leadloop.loop.simulator.truth import Inquirer, Truth, buys


@dataclass
class Pursued:
    """What was done about one lead so far. `stage` is the place of its deal on the board."""

    who: Inquirer
    raised_at: datetime
    tries: int = 0
    contacts: int = 0
    first_contact: datetime | None = None
    met: bool = False
    nurtured: bool = False
    deal_id: int | None = None
    stage: int = 0

    def would_buy(self) -> bool:
        """Whether they buy, given what was done; nobody buys from somebody they never spoke with."""
        if self.first_contact is None:
            return False
        days = (self.first_contact - self.raised_at).total_seconds() / 86_400
        return buys(self.who, days_to_contact=days, met=self.met, written_to=self.nurtured)


@dataclass
class Story:
    """The company, the truth, and what has happened."""

    truth: Truth
    demo: Demo
    pursued: dict[int, Pursued] = field(default_factory=dict)  # by lead
    turns: int = 0

    def of(self, lead: LeadRow) -> Pursued | None:
        """What is known about a lead; None for one that this story did not bring."""
        return self.pursued.get(lead.id)

    def roll(self, *about: object) -> Random:
        """The dice for one question in this turn."""
        return dice(self.truth.seed, self.turns, *about)
