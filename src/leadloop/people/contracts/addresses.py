"""Addresses, and the ways to reach somebody by them."""

from __future__ import annotations

from datetime import datetime
from enum import StrEnum

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
