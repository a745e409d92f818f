"""Which account a lead belongs to, and whether its owner can take the lead. Pure: facts in, reasons out.

An account is a company that somebody looks after. A lead's candidates are its own company and those of the same name.
Between them the first of these that tells two apart decides: the company at whose own domain the person writes goes
before one by name; one with an owner before one without; one with an open deal; the one heard of last; the lowest id.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from leadloop.distribution.contracts import Seat
from leadloop.distribution.rules import obstacle
from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.values import dataclass

_LONG_AGO = 0.0


@dataclass(frozen=True, slots=True)
class Account:
    """A company that a lead may belong to. `owner_id` None where nobody looks after it or a company above it."""

    company_id: int
    by_domain: bool
    owner_id: int | None
    has_open_deal: bool = False
    last_touch_at: datetime | None = None


def choose_account(candidates: Iterable[Account]) -> Decision[Account | None]:
    """The account that a lead belongs to, with what decided between it and the next; None without a candidate."""
    ranked = sorted(candidates, key=_rank)
    if not ranked:
        return Decision(None)
    first = ranked[0]
    how = "by the domain of the address" if first.by_domain else "by its name"
    reasons = [Reason("account", f"company:{first.company_id} is the account, {how}")]
    if len(ranked) > 1:
        reasons.append(_apart(first, ranked[1]))
    return because(first, *reasons)


def may_take(owner_id: int, *, is_here: bool, gave_back: bool, seats: Sequence[Seat]) -> Decision[bool]:
    """Whether the owner of an account can take its lead now: here, within the caps of a pool of theirs, if any."""
    words = ""
    if not is_here:
        words = "is away or no longer works here"
    elif gave_back:
        words = "gave this lead back"
    elif seats and all(map(obstacle, seats)):
        words = obstacle(seats[0])
    if words:
        return because(False, Reason("passed_over", f"user:{owner_id} looks after this firm but {words}"))  # noqa: FBT003
    return because(True, Reason("account_owner", f"user:{owner_id} looks after this firm"))  # noqa: FBT003 - an outcome


def _rank(one: Account) -> tuple[bool, bool, bool, float, int]:
    heard = one.last_touch_at.timestamp() if one.last_touch_at else _LONG_AGO
    return (not one.by_domain, one.owner_id is None, not one.has_open_deal, -heard, one.company_id)


def _apart(first: Account, next_one: Account) -> Reason:
    names = (
        "its domain, not only its name, fits",
        "somebody looks after it",
        "it has an open deal",
        "it was heard of last",
        "it has been known for longer",
    )
    what = next(words for words, a, b in zip(names, _rank(first), _rank(next_one), strict=True) if a != b)
    return Reason("tie_break", f"before company:{next_one.company_id}, since {what}")
