"""Short ways to say in a story who writes in."""

from __future__ import annotations

from itertools import count
from typing import Any

from leadloop.identity.contracts import Candidate, Resolved
from leadloop.identity.services import resolve
from leadloop.ledger.contracts import by_system
from tests.support.cast import MONDAY

NOW = MONDAY
ME = by_system("intake")
refs = count(1)


def somebody(email: str | None = None, phone: str | None = None, **more: Any) -> Candidate:
    """A candidate as capture hands one over; e-mail and phone are normal forms here."""
    given = {"ref": next(refs), "email_given": email or "", "phone_given": phone or "", **more}
    return Candidate(email=email, phone=phone, **given)


def meet(*candidates: Candidate) -> list[Resolved]:
    """Resolve a batch and return the answers in its order."""
    found = resolve(candidates, actor=ME, now=NOW, inquiry_ids={one.ref: 1000 + one.ref for one in candidates})
    return [found[one.ref] for one in candidates]


def who(*candidates: Candidate) -> list[int]:
    """The persons of a batch, in its order."""
    return [one.person_id for one in meet(*candidates)]


def firms(*candidates: Candidate) -> list[int | None]:
    """The firms of a batch, in its order."""
    return [one.company_id for one in meet(*candidates)]
