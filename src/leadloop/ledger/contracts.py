"""What crosses the ledger's door."""

from __future__ import annotations

from datetime import datetime
from enum import IntEnum
from typing import Any, NewType

from leadloop.kernel.values import dataclass

Actor = NewType("Actor", str)


def by_user(user_id: int) -> Actor:
    """A person who is signed in."""
    return Actor(f"user:{user_id}")


def by_system(name: str) -> Actor:
    """A part of Leadloop that acts by rule, such as `intake` or `routing`."""
    return Actor(f"system:{name}")


def by_portal(portal_id: int) -> Actor:
    """The outside, through a portal."""
    return Actor(f"portal:{portal_id}")


def user_of(actor: str) -> int | None:
    """The user's id, or None where no person acted."""
    head, _, tail = actor.partition(":")
    return int(tail) if head == "user" else None


class Lane(IntEnum):
    """Live facts never wait behind a bulk import."""

    LIVE = 0
    BULK = 1


@dataclass(frozen=True, slots=True)
class Event:
    """One recorded fact. Times are aware UTC; amounts integer minor units; `payload` the fact's own fields."""

    id: int
    kind: str
    happened_at: datetime
    recorded_at: datetime
    actor: str
    person_id: int | None
    company_id: int | None
    lead_id: int | None
    opportunity_id: int | None
    programme_id: int | None
    reason: str
    agreement_version: int | None
    amount: int | None
    currency: str | None
    base_amount: int | None
    payload: dict[str, Any]
    cause_id: int | None
