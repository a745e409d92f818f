"""What crosses the door of `nurture`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field

from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass


class Frozen(BaseModel):
    """Base of all nodes: read-only, and unknown keys are an error that names them. `label` is for the editor."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    label: str = ""


class Wait(Frozen):
    """Stand still for a while."""

    do: Literal["wait"] = "wait"
    days: Annotated[int, Field(ge=0, le=3650)] = 0
    minutes: Annotated[int, Field(ge=0, le=1440)] = 0
    next: str

    @property
    def span(self) -> timedelta:
        """How long, in clock time."""
        return timedelta(days=self.days, minutes=self.minutes)


class Send(Frozen):
    """Write to the person with a template of `content`, once per pass through the journey."""

    do: Literal["send"] = "send"
    template: str
    next: str


class Decide(Frozen):
    """Go one way or the other. `when` is a condition, see `criteria`, about the values of `rules.SUPPLIED`."""

    do: Literal["decide"] = "decide"
    when: dict[str, Any]
    yes: str
    no: str


class HandOver(Frozen):
    """The end: ready for sales."""

    do: Literal["hand_over"] = "hand_over"


class Recycle(Frozen):
    """The end: nothing more for now; looked at again after some days, for a reason of the agreement."""

    do: Literal["recycle"] = "recycle"
    reason: str
    days: Annotated[int, Field(gt=0, le=3650)]


Node = Annotated[Wait | Send | Decide | HandOver | Recycle, Field(discriminator="do")]


class Graph(BaseModel):
    """A journey as a graph of named nodes. See `rules.check_graph` for what makes it sound."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    start: str
    nodes: dict[str, Node]


def leads_to(node: Node) -> tuple[str, ...]:
    """The names of the nodes that may follow; none for an end."""
    if isinstance(node, Decide):
        return (node.yes, node.no)
    return (node.next,) if isinstance(node, Wait | Send) else ()


class End(StrEnum):
    """Why a lead is on a journey no more."""

    HANDED_OVER = "handed_over"
    RECYCLED = "recycled"
    CLOSED = "closed"
    SALES_TOOK_OVER = "sales_took_over"
    ANSWERED = "answered"  # somebody wrote back: a person goes on with it
    ERASED = "erased"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Step:
    """From node to node; `reasons` explain a decision, whose way is `code`: yes or no."""

    node: str
    after: str
    code: str = ""
    reasons: tuple[Reason, ...] = ()


@dataclass(frozen=True, slots=True)
class Sending:
    """Write to the person."""

    node: str
    template: str


@dataclass(frozen=True, slots=True)
class Walk:
    """How far a lead gets now: what is to be done on the way, and where it stands afterwards.

    It waits at `node` until `due_at`, or it is at its end there: then `due_at` is None and `end` says which.
    """

    steps: tuple[Step, ...]
    sends: tuple[Sending, ...]
    node: str
    due_at: datetime | None
    end: HandOver | Recycle | None


@dataclass(frozen=True, slots=True)
class JourneyRow:
    """A version of a journey with how many leads wait on it and how many left it, by reason."""

    id: int
    key: str
    version: int
    name: str
    graph: Graph
    owner_id: int
    interest_id: int | None
    published_at: datetime | None
    retired_at: datetime | None
    waiting: int
    ended: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class EnrolmentRow:
    """A lead's way through a journey. `due_at` None once it is out; then `left_at` and `reason` are set."""

    id: int
    lead_id: int
    person_id: int
    journey_id: int
    journey: str
    version: int
    name: str
    node: str
    state: str
    due_at: datetime | None
    entered_at: datetime
    left_at: datetime | None
    reason: str
    steps: int
