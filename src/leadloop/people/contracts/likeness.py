"""What is compared to see whether two are one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from leadloop.kernel.values import dataclass


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
