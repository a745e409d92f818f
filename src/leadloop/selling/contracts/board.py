"""Deals as the board and the pages of companies show them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass
from leadloop.selling.contracts.activities import ActivityKind
from leadloop.selling.contracts.deals import LineRow, LinkRow, OpportunityRow, StageRow


@dataclass(frozen=True, slots=True)
class Deal:
    """A whole deal. `acv` and `tcv` are minor units of its currency, see `rules.worth`."""

    row: OpportunityRow
    lines: tuple[LineRow, ...]
    leads: tuple[LinkRow, ...]
    acv: int
    tcv: int


@dataclass(frozen=True, slots=True)
class Card:
    """A deal on the board. `risks` says in words what endangers it."""

    row: OpportunityRow
    primary_lead_id: int | None
    last_activity_at: datetime | None
    risks: tuple[Reason, ...]


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the board: figures over all deals the viewer sees there, and its first cards.

    Sums are minor units of the company's `currency` at today's rates; `unconverted` names currencies without a rate,
    whose deals are not in the sums. `median_days` is the median time in this stage, None when it is empty.
    """

    stage: StageRow
    count: int
    sum_minor: int
    weighted_minor: int
    currency: str
    unconverted: tuple[str, ...]
    median_days: int | None
    cards: tuple[Card, ...]
    next_cursor: str | None


@dataclass(frozen=True, slots=True)
class Tally:
    """How many deals, and their sum in the company's currency; `unconverted` names currencies without a rate."""

    count: int = 0
    minor: int = 0
    unconverted: tuple[str, ...] = ()

    def plus(self, count: int, minor: int, unconverted: tuple[str, ...]) -> Tally:
        """Both together."""
        return Tally(self.count + count, self.minor + minor, tuple(dict.fromkeys((*self.unconverted, *unconverted))))


@dataclass(frozen=True, slots=True)
class Doing:
    """What one user did of a kind with an outcome, and how often."""

    kind: ActivityKind
    outcome: str
    count: int


class AccountSort(StrEnum):
    """The orders of a list of firms."""

    NAME = "name"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class AccountSums:
    """What goes on with a firm, of what the viewer sees.

    `last_touch_at` is when its people were last heard of or spoken to. `open_minor` is in the company's currency at
    today's rates, `won_minor` at those of the closing days; `unconverted` names currencies without a rate, whose open
    deals are not in the sum.
    """

    leads: int = 0
    open_leads: int = 0
    last_touch_at: datetime | None = None
    open_deals: int = 0
    open_minor: int = 0
    won_deals: int = 0
    won_minor: int = 0
    lost_deals: int = 0
    unconverted: tuple[str, ...] = ()
