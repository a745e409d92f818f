"""What crosses the door of `selling`."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass


class ActivityKind(StrEnum):
    """What a salesperson does."""

    CALL = "call"
    MAIL = "mail"
    MEETING = "meeting"
    SOCIAL = "social"
    NOTE = "note"


class State(StrEnum):
    """Whether a deal is still open."""

    OPEN = "open"
    WON = "won"
    LOST = "lost"


class Category(StrEnum):
    """What its owner says of an open deal for the forecast, the surest last."""

    OMITTED = "omitted"
    PIPELINE = "pipeline"
    BEST_CASE = "best_case"
    COMMIT = "commit"


class Fate(StrEnum):
    """What becomes of a lead whose deal is lost."""

    LOST = "lost"
    RECYCLED = "recycled"


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityIn:
    """Something that was done on a lead. `outcome` is a code of `outcomes.OUTCOMES`; only a note has none.

    The next step is a moment and a note, one not without the other. `leaves` tells that the caller takes the lead
    out of sales' hands in the same transaction, so that no next step is owed. `user_id` None: who logs it did it.
    """

    lead_id: int
    kind: ActivityKind
    outcome: str = ""
    note: str = ""
    minutes: int | None = None
    next_step_at: datetime | None = None
    next_step_note: str = ""
    happened_at: datetime | None = None
    leaves: bool = False
    user_id: int | None = None


@dataclass(frozen=True, slots=True)
class Logged:
    """An activity as it was written; `opportunity_id` is the open deal it counts for, `moved` says into contact."""

    activity_id: int
    lead_id: int
    opportunity_id: int | None
    contacted: bool
    moved: bool


@dataclass(frozen=True, slots=True)
class ActivityRow:
    """An activity as timelines show it."""

    id: int
    lead_id: int
    opportunity_id: int | None
    person_id: int
    user_id: int
    kind: ActivityKind
    outcome: str
    contacted: bool
    note: str
    minutes: int | None
    next_step: str
    next_step_at: datetime | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class StageIn:
    """A column of the board to be. `needs` names what a deal must have to stand in it, see `rules.NEEDS`."""

    key: str
    label: str
    win_percent: int
    needs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class StageRow:
    """A column of the board, in the order of `order`."""

    id: int
    key: str
    label: str
    order: int
    win_percent: int
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class LineIn:
    """One product on a deal: `unit_minor` per piece, and per month where `months` gives a term."""

    name: str
    quantity: Decimal
    unit_minor: int
    months: int | None = None
    product_id: int | None = None
    terms_id: int | None = None


@dataclass(frozen=True, slots=True)
class LineRow:
    """A line as it stands; `months` None means one-off."""

    id: int
    name: str
    quantity: Decimal
    unit_minor: int
    months: int | None
    product_id: int | None
    terms_id: int | None


@dataclass(frozen=True, slots=True)
class OpportunityRow:
    """A deal. `minor` is the sum of its lines where it has any, `base_minor` its worth on the day it was won."""

    id: int
    name: str
    company_id: int | None
    person_id: int | None
    owner_id: int
    team_id: int | None
    stage: str
    stage_since: datetime
    state: State
    minor: int
    currency: str
    base_minor: int | None
    close_on: date
    pushed: int
    next_step: str
    next_step_at: datetime | None
    position: float
    opened_at: datetime
    closed_at: datetime | None
    close_reason: str
    category: str = Category.PIPELINE


@dataclass(frozen=True, slots=True, kw_only=True)
class PastDeal:
    """A deal that began elsewhere. `key` is what its file calls it; the same key comes in once.

    `first_minor` is what it was thought to be worth at first, `minor` what it is worth now, as one piece of a product
    of which `product_name` is what the file says. `close_on` is the closing day that is expected or was. Of an open
    deal `stage` is where it stands now; where it stood before, and which closing days were said, nobody knows.
    `lead_ids` are the pursuits that led to it, the primary one first.
    """

    key: str
    name: str
    owner_id: int
    team_id: int | None
    company_id: int | None
    opened_at: datetime
    state: State
    closed_at: datetime | None
    close_on: date
    stage: str
    first_minor: int
    minor: int
    currency: str
    product_id: int | None
    product_name: str
    next_step: str = ""
    next_step_at: datetime | None = None
    lead_ids: tuple[int, ...] = ()
    person_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class PastActivity:
    """Something that was done elsewhere. `key` is what its file calls it; the same key comes in once."""

    key: str
    lead_id: int
    person_id: int
    opportunity_id: int | None
    user_id: int
    kind: ActivityKind
    outcome: str
    note: str
    minutes: int | None
    happened_at: datetime


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A pursuit that led to a deal, and the part its person plays in buying."""

    lead_id: int
    role: str
    is_primary: bool


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
