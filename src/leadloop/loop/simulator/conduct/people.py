"""What everybody who plans their work knows: who is who, when they work, and how diligent they are."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from leadloop.kernel.clock import WorkCalendar
from leadloop.loop.simulator import market
from leadloop.loop.simulator.company import CALLERS, Demo
from leadloop.loop.simulator.conduct.memory import Act, Pursued
from leadloop.loop.simulator.house.around import Around
from leadloop.loop.simulator.house.state import Lead
from leadloop.loop.simulator.truth import Hand, buys

WARM = 0.3  # how much likelier a lead is followed up that a colleague has spoken with


@dataclass
class Desk:
    """The company as those who plan see it. `pursued` by lead; `projects` are leads by project."""

    demo: Demo
    around: Around
    hands: Mapping[int, list[Hand]]
    end: datetime
    pursued: dict[int, Pursued] = field(default_factory=dict)
    projects: dict[tuple[int, int], list[Lead]] = field(default_factory=dict)
    keys: dict[int, str] = field(init=False)

    def __post_init__(self) -> None:
        self.keys = {user_id: key for key, user_id in self.demo.staff.items()}

    def calendar(self, key: str) -> WorkCalendar:
        """When somebody works."""
        return self.around.calendars[self.demo.staff[key]]

    def diligence(self, key: str) -> float:
        """How likely somebody follows up."""
        return self.demo.who.diligence.get(key, 0.9)

    def follows(self, known: Pursued, key: str) -> bool:
        """Whether this owner follows this lead up; decided once."""
        if key not in known.follows:
            chance = self.diligence(key) + (WARM if known.contacts else 0.0)
            known.follows[key] = known.roll.random() < chance
        return known.follows[key]

    def is_caller(self, key: str) -> bool:
        """Whether somebody only finds out what it is, and gives it to a salesperson."""
        return key in CALLERS

    def would_buy(self, lead: Lead, now: datetime) -> bool:
        """Whether they buy, given what was done; nobody buys from somebody they never spoke with."""
        return self.outcome(lead, now)

    def outcome(self, lead: Lead, now: datetime, *, without: str = "") -> bool:
        """The same, had one programme not been there to convince them; "" leaves none out."""
        together = [self.pursued[one.id] for one in self.together(lead)]
        contacts = [one.first_contact for one in together if one.first_contact]
        if not contacts:
            return False
        known = self.pursued[lead.id]
        begun = min(one.raised_at for one in together)
        programmes = [programme for programme in self.met(lead, now) if programme != without]
        return buys(
            known.who,
            days_to_contact=(min(contacts) - begun).total_seconds() / 86_400,
            met=any(one.met for one in together),
            written_to=any(one.nurtured for one in together),
            lift=market.lift_of(programmes),
        )

    def met(self, lead: Lead, now: datetime) -> list[str]:
        """The programmes that people of this project have met, in the order of their hands; "" for none."""
        together = [self.pursued[one.id] for one in self.together(lead)]
        hands = [hand for one in together for hand in self.hands[one.who.number] if hand.at <= now]
        return [hand.programme for hand in sorted(hands, key=lambda hand: hand.at)]

    def together(self, lead: Lead) -> list[Lead]:
        """The leads of the same project and interest, this one among them."""
        return self.projects[self.pursued[lead.id].who.project, lead.interest_id]


def act(lead: Lead, at: datetime, user: str, verb: str, **args: object) -> Act:
    """Somebody about to do something."""
    return Act(at, user, verb, lead, dict(args))
