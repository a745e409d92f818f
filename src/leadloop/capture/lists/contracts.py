"""What crosses the door of the lists. No Django."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

from leadloop.kernel.values import dataclass


class Kind(StrEnum):
    """What an entry speaks of."""

    ADDRESS = "address"  # one e-mail address
    DOMAIN = "domain"  # addresses at a domain, and at those below it
    NETWORK = "network"  # where it was sent from, such as 192.0.2.0/24
    WORDS = "words"  # words in what was written; * stands for the rest of a word


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEntry:
    """One thing to put on a list; `portal_id` None means every portal. `value` is in its normal form."""

    kind: Kind
    value: str
    reason: str
    portal_id: int | None = None
    allows: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class EntryRow:
    """An entry as its page lists it. `hits` is how many deliveries it caught, `last_hit_at` when the last."""

    id: int
    portal_id: int | None
    allows: bool
    kind: Kind
    value: str
    reason: str
    added_by: str
    added_at: datetime
    removed_at: datetime | None = None
    removed_by: str = ""
    hits: int = 0
    last_hit_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class HitRow:
    """A delivery that an entry caught. `held` means set aside, else flagged; `state` is how it stands now."""

    submission_id: int
    portal_id: int
    received_at: datetime
    held: bool
    state: str
    lead_id: int | None
