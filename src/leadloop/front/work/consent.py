"""What a person allowed, in the few words of a record."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from leadloop.ledger.contracts import Event
from leadloop.people.contracts import PersonRow
from leadloop.people.rules.asking import VALID

_WORDS = {"consent.given", "consent.withdrawn", "consent.asked"}


def consent_words(person: PersonRow, events: Sequence[Event], now: datetime) -> str:
    """The channels they allowed; where there is none, and a mail asks for it, how that stands. Reads nothing."""
    if person.consented:
        return ", ".join(person.consented)
    newest = max((e for e in events if e.kind in _WORDS), key=lambda e: (e.happened_at, e.id), default=None)
    if newest is None or newest.kind != "consent.asked":
        return ""
    return "asked by mail, not confirmed yet" if now < newest.happened_at + VALID else "asked by mail, never confirmed"
