"""What somebody allowed, was asked for and refused, and whether they may be written to."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass
from leadloop.people.contracts.addresses import EVERY_PURPOSE, Channel


@dataclass(frozen=True, slots=True)
class ConsentRow:
    """The ruling word on a channel and purpose: `state` is "given" or "withdrawn"."""

    person_id: int
    channel: str
    purpose: str
    state: str
    wording: str
    source: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Reach:
    """How a person may be reached on one channel for one purpose, as it stands now.

    `address` is as given, None when there is none that works; `norm` its normal form. `consent` is "given",
    "withdrawn" or "" for never asked. `suppressed` says whether the address (or, but for bounces, another one of the
    same person) may not be used; `suppressed_for_all` whether that holds for every purpose. `zone` and `country` are
    "" when not known.
    """

    person_id: int
    address: str | None
    norm: str
    consent: str
    suppressed: bool
    suppressed_for_all: bool
    zone: str
    country: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ConsentWord:
    """What a person allowed or withdrew. `wording` is the sentence they saw, `source` where, `at` when (None: now)."""

    person_id: int
    channel: Channel
    purpose: str
    wording: str = ""
    source: str = ""
    at: datetime | None = None


class Asked(StrEnum):
    """How a consent stands that somebody was asked to confirm."""

    WAITING = "waiting"
    CONFIRMED = "confirmed"
    EXPIRED = "expired"


@dataclass(frozen=True, slots=True)
class ConfirmationRow:
    """A consent somebody was asked to confirm; `digest` is of the address. A confirmed one never expires.

    `person_id` is the survivor's where the one who was asked has been merged.
    """

    id: int
    person_id: int
    channel: str
    purpose: str
    wording: str
    source: str
    digest: str
    asked_at: datetime
    expires_at: datetime
    confirmed_at: datetime | None

    def state(self, now: datetime) -> Asked:
        """How it stands at a moment."""
        if self.confirmed_at is not None:
            return Asked.CONFIRMED
        return Asked.WAITING if now < self.expires_at else Asked.EXPIRED


@dataclass(frozen=True, slots=True, kw_only=True)
class Suppress:
    """Ask that nobody uses an address any more. `purpose` "" means for nothing at all.

    `reason` is a code: unsubscribed, complained, bounced, erased, listed.
    """

    channel: Channel
    norm: str
    reason: str
    purpose: str = EVERY_PURPOSE
