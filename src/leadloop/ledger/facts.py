"""The form of a fact: typed, frozen, past tense. Each room keeps its own in `facts.py`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, fields
from datetime import datetime
from typing import Any, ClassVar, TypeVar, dataclass_transform

from leadloop.kernel.values import dataclass

COLUMNS = (
    "person_id",
    "company_id",
    "lead_id",
    "opportunity_id",
    "programme_id",
    "reason",
    "agreement_version",
    "amount",
    "currency",
    "base_amount",
    "dedupe_key",
)

_KINDS: dict[str, type[Fact]] = {}
_PAYLOADS: dict[str, tuple[str, ...]] = {}
_DEFAULTS: dict[str, dict[str, Any]] = {}


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Base of every fact. Fields named like a ledger column become that column, all others the payload.

    No personal data: identifiers, codes and amounts only. `amount` and `base_amount` are integer minor units.
    """

    kind: ClassVar[str] = ""
    says: ClassVar[str] = ""  # a plain sentence for timelines and the dictionary of facts

    happened_at: datetime
    person_id: int | None = None
    company_id: int | None = None
    lead_id: int | None = None
    opportunity_id: int | None = None
    programme_id: int | None = None
    reason: str = ""
    agreement_version: int | None = None
    amount: int | None = None
    currency: str | None = None
    base_amount: int | None = None
    dedupe_key: str | None = None


F = TypeVar("F", bound=Fact)


@dataclass_transform(kw_only_default=True, frozen_default=True)
def fact(kind: str, says: str) -> Callable[[type[F]], type[F]]:
    """Class decorator: name a fact and enter it into the dictionary. A name can be given once."""

    def enter(cls: type[F]) -> type[F]:
        made = dataclass(frozen=True, slots=True, kw_only=True)(cls)
        made.kind, made.says = kind, says
        if _KINDS.setdefault(kind, made).__qualname__ != made.__qualname__:
            raise ValueError(f"the fact {kind!r} has two classes")
        own = [f for f in fields(made) if f.name not in COLUMNS and f.name != "happened_at"]
        _PAYLOADS[kind] = tuple(f.name for f in own)
        _DEFAULTS[kind] = {f.name: f.default for f in own if f.default is not MISSING}
        return made

    return enter


def payload_fields(kind: str) -> tuple[str, ...]:
    """Names of a fact's own fields, those that no ledger column holds."""
    return _PAYLOADS[kind]


def meant(kind: str) -> dict[str, Any]:
    """What a fact says by saying nothing: its own fields that have a default, as those have that were told before."""
    return _DEFAULTS.get(kind, {})


def kinds() -> dict[str, type[Fact]]:
    """Every fact that is known, by kind; the rooms' modules must have been imported (Django's app loading does)."""
    return dict(sorted(_KINDS.items()))
