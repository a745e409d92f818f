"""What crosses the door of `people`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from leadloop.kernel.values import dataclass


class Channel(StrEnum):
    """The ways to reach somebody."""

    EMAIL = "email"
    CALL = "call"
    SMS = "sms"
    LETTER = "letter"


class AddressKind(StrEnum):
    """What an address is; calls and text messages share the telephone number."""

    EMAIL = "email"
    PHONE = "phone"
    POST = "post"
    SOCIAL = "social"


KIND_OF = {
    Channel.EMAIL: AddressKind.EMAIL,
    Channel.CALL: AddressKind.PHONE,
    Channel.SMS: AddressKind.PHONE,
    Channel.LETTER: AddressKind.POST,
}

EVERY_PURPOSE = ""  # a suppression without a purpose holds for all of them


@dataclass(frozen=True, slots=True)
class ContactValue:
    """An address as given (`value`) and its normal form (`norm`, see `kernel.text`)."""

    value: str
    norm: str
    disposable: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewPerson:
    """What is known of somebody; `ref` comes back in the answer. Text is clean already, "" means not known.

    The first e-mail address and the first number become primary where there is none yet. `external` are pairs of
    another system's name and its id for this person. `zone` is an IANA name, `country` ISO 3166 in upper case.
    `overwrite` lets these words count more than what is known; addresses are added all the same, never replaced.
    """

    ref: int
    given: str = ""
    family: str = ""
    language: str = ""
    zone: str = ""
    country: str = ""
    city: str = ""
    emails: tuple[ContactValue, ...] = ()
    phones: tuple[ContactValue, ...] = ()
    company_id: int | None = None
    title: str = ""
    buying_role: str = "unknown"
    attributes: Mapping[str, Any] = field(default_factory=dict)
    lookalike: bool = False
    external: tuple[tuple[str, str], ...] = ()
    overwrite: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class NewCompany:
    """What is known of a firm; `ref` comes back in the answer. `name_key` as `kernel.text.company_key` makes it."""

    ref: int
    name: str
    name_key: str = ""
    domain: str | None = None
    website: str = ""
    industry: str = ""
    employees: int | None = None
    country: str = ""
    city: str = ""
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person as lists show them; `email` and `phone` as given, "" for none.

    `id` is the survivor's where the id asked for has been merged. `name` is "given family", else the e-mail's
    local part, else "No name". `known_as` holds every id the person has or had; `consented` the channels on which
    the ruling word for a purpose is yes.
    """

    id: int
    given: str
    family: str
    name: str
    email: str
    phone: str
    title: str
    company_id: int | None
    company_name: str
    country: str
    city: str
    zone: str
    language: str
    buying_role: str
    attributes: Mapping[str, Any] = field(default_factory=dict)
    lookalike: bool = False
    erased: bool = False
    known_as: tuple[int, ...] = ()
    consented: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """A firm as lists show it; `employees` None when not known."""

    id: int
    name: str
    domain: str | None
    website: str
    industry: str
    employees: int | None
    country: str
    city: str
    parent_id: int | None
    account_owner_id: int | None
    attributes: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamesakeRow:
    """A firm that may be the one asked about: itself, or one of its name. `owner_id` is as `account_owners` has it."""

    company_id: int
    domain: str | None
    owner_id: int | None


@dataclass(frozen=True, slots=True)
class ContactPointRow:
    """An address of a person. `bad_since` tells that it has failed for good."""

    id: int
    person_id: int
    kind: str
    value: str
    norm: str
    is_primary: bool
    disposable: bool
    bad_since: datetime | None
    bad_why: str


@dataclass(frozen=True, slots=True)
class PositionRow:
    """A place in a firm; `company_id` None while only the title is known."""

    person_id: int
    company_id: int | None
    company_name: str
    title: str
    buying_role: str
    is_primary: bool


@dataclass(frozen=True, slots=True)
class Place:
    """A firm somebody is at, as far as it tells people apart; `domain` None while it isn't known."""

    company_id: int | None
    name_key: str
    domain: str | None
    title: str


@dataclass(frozen=True, slots=True)
class Profile:
    """What is known of a person, as it is compared with another's: normal forms, all of them, and no consents.

    `births` (digits only), `streets` and `postcodes` come from attributes that other systems call so.
    """

    id: int
    given: str = ""
    family: str = ""
    emails: tuple[str, ...] = ()
    phones: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    city: str = ""
    country: str = ""
    births: tuple[str, ...] = ()
    streets: tuple[str, ...] = ()
    postcodes: tuple[str, ...] = ()
    lookalike: bool = False


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


@dataclass(frozen=True, slots=True)
class Held:
    """How much one store holds about a person; `says` is what, in words."""

    store: str
    says: str
    count: int


@dataclass(frozen=True, slots=True)
class RowChange:
    """One change of one row, in values as PostgreSQL's to_jsonb gives them.

    `column` "*" stands for the whole row: `new` None means deleted, `old` None means inserted.
    """

    table: str
    id: int
    column: str
    old: Any
    new: Any

    def as_json(self) -> dict[str, Any]:
        """Return the entry of a merge journal."""
        return {"table": self.table, "id": self.id, "column": self.column, "old": self.old, "new": self.new}


@dataclass(frozen=True, slots=True)
class Erased:
    """What an erasure took away: rows per store, and the ids under which the person was known."""

    person_ids: tuple[int, ...]
    rows: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Standing:
    """Whether an id still stands for somebody: `survivor_id` is the id itself unless it was merged."""

    id: int
    survivor_id: int
    erased: bool
    family: str

    @property
    def is_whole(self) -> bool:
        """True for a person who was neither merged into another nor erased."""
        return self.survivor_id == self.id and not self.erased


class Comparable(NamedTuple):
    """A person as the search for duplicates in the whole base reads them: of every kind the main address.

    `fresh` tells that they are new or were changed since the moment asked for. `domain` and `firm_key` are of the main
    position's firm; "" for what isn't known.
    """

    id: int
    fresh: bool
    lookalike: bool
    given: str
    family: str
    email: str
    phone: str
    firm_key: str
    domain: str
    city: str
    attributes: Mapping[str, Any] | None
