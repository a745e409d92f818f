"""Opportunities, their stages and lines."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum

from leadloop.kernel.values import dataclass


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


@dataclass(frozen=True, slots=True)
class LinkRow:
    """A pursuit that led to a deal, and the part its person plays in buying."""

    lead_id: int
    role: str
    is_primary: bool
