"""Persons and firms, as they are told of and as they are known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import field
from typing import Any

from leadloop.kernel.values import dataclass
from leadloop.people.contracts.addresses import ContactValue


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
class PositionRow:
    """A place in a firm; `company_id` None while only the title is known."""

    person_id: int
    company_id: int | None
    company_name: str
    title: str
    buying_role: str
    is_primary: bool
