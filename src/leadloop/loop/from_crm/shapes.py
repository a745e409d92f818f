"""What an export says, in words that no system owns. Keys are the other system's own numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime


@dataclass(frozen=True, slots=True)
class Left:
    """Something that can't be taken: `row` is its number in the other system, "" for a whole file."""

    file: str
    row: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """A company."""

    key: str
    name: str
    website: str = ""
    industry: str = ""
    employees: str = ""
    city: str = ""
    country: str = ""
    parent: str = ""
    owner: str = ""


@dataclass(slots=True, kw_only=True)
class Human:
    """A lead, a contact, or both. `standing` is written like an import's status, "" for a new inquiry.

    `is_lead` tells that somebody raised a hand; others become leads only where a deal, a touch or something done hangs
    on them. `known_as` are further keys by which files name the same human.
    """

    key: str
    is_lead: bool
    values: dict[str, str]  # by field of an import
    created: str = ""
    standing: str = ""
    account: str = ""
    owner: str = ""
    deal: str = ""
    known_as: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Campaign:
    """A programme."""

    key: str
    name: str
    starts: date | None = None
    ends: date | None = None
    owner: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Touch:
    """Somebody was in a campaign, or filled in a form. `campaign` "" for a form that belongs to none."""

    key: str
    human: str
    campaign: str
    at: str
    says: str = ""
    page: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deal:
    """An opportunity. `stage` is what the other system calls where it stands."""

    key: str
    name: str
    account: str
    humans: tuple[str, ...]
    owner: str
    stage: str
    is_closed: bool
    is_won: bool
    amount: str
    currency: str
    opened: datetime | None
    closed: datetime | None
    close_on: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Doing:
    """A call, a mail, a meeting or a note. `outcome` is a code of ours, "" where only a note of it can be made."""

    key: str
    kind: str
    outcome: str
    human: str
    deal: str
    owner: str
    at: datetime
    says: str
    minutes: int | None = None


@dataclass(slots=True)
class Export:
    """Everything that the files say. `owners` are names and addresses by key."""

    system: str
    accounts: dict[str, Account] = field(default_factory=dict)
    humans: dict[str, Human] = field(default_factory=dict)
    campaigns: dict[str, Campaign] = field(default_factory=dict)
    touches: list[Touch] = field(default_factory=list)
    deals: dict[str, Deal] = field(default_factory=dict)
    doings: list[Doing] = field(default_factory=list)
    owners: dict[str, tuple[str, str]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
    read: dict[str, Mapping[str, int]] = field(default_factory=dict)  # by file: what it is, with its rows

    def human(self, key: str) -> Human | None:
        """The human that a file names by this key."""
        return self.humans.get(self.aliases().get(key, key)) if key else None

    def aliases(self) -> dict[str, str]:
        """The key of a human by each further key."""
        if not self._aliases:
            self._aliases.update((other, one.key) for one in self.humans.values() for other in one.known_as)
        return self._aliases

    _aliases: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class Brought:
    """What came in: by object how many were new and how many known, and what was left with its reason."""

    system: str
    run_id: int = 0
    new: dict[str, int] = field(default_factory=dict)
    known: dict[str, int] = field(default_factory=dict)
    quarantined: int = 0
    read: Mapping[str, Mapping[str, int]] = field(default_factory=dict)
    left: list[Left] = field(default_factory=list)
