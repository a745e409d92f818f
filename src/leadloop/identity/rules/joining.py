"""Which pairs that look alike become one person without anybody looking, and which record stays.

Guarantee: nobody is joined through a third with whom they could not be joined directly. Steps: pairs from the surest
on; two groups are joined only where no member of the one is held back from any of the other.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import product

from rapidfuzz.distance import DamerauLevenshtein, JaroWinkler

from leadloop.kernel.decision import Decision, Reason, because
from leadloop.kernel.values import dataclass

_MOST_SLIPS = 2
Pair = tuple[int, int]  # the lower id first

APART = Reason("never_merge", "Somebody said that they are not the same person")
LOOKALIKE = Reason("lookalike", "A name or address is written with letters that only look like others")
MAILS = Reason("emails_differ", "Their e-mail addresses have nothing in common, and no date of birth says they are one")
NAMES = Reason(
    "given_names_differ",
    "Their first names have nothing in common, as in a family or a firm, and no date of birth says they are one",
)
THROUGH = Reason("group_disagrees", "One of them is one person already with somebody whom the other can't be")


@dataclass(frozen=True, slots=True)
class Told:
    """What a record says of its person, in normal form; "" for nothing. `fields` is how many fields it fills."""

    id: int
    given: str = ""
    family: str = ""
    birth: str = ""
    email: str = ""
    lookalike: bool = False
    fields: int = 0


@dataclass(frozen=True, slots=True)
class Joined:
    """`groups` of ids, who stays first; and by pair why it was left for somebody to decide."""

    groups: list[list[int]]
    held_back: dict[Pair, Reason]


def join(pairs: Sequence[Pair], told: Mapping[int, Told], apart: Iterable[Pair] = ()) -> Joined:
    """Join these pairs, the surest first, to groups of one person each."""
    never = frozenset(apart)
    group: dict[int, list[int]] = {}
    held_back: dict[Pair, Reason] = {}
    for one, other in pairs:
        first, second = group.setdefault(one, [one]), group.setdefault(other, [other])
        if first is second:
            continue
        decision = may_join(told[one], told[other], said_apart=(one, other) in never)
        if not decision.outcome:
            held_back[one, other] = decision.reasons[0]
        elif not all(
            may_join(told[a], told[b], said_apart=(min(a, b), max(a, b)) in never).outcome
            for a, b in product(first, second)
        ):
            held_back[one, other] = THROUGH
        else:
            first.extend(second)
            for member in second:
                group[member] = first
    whole = {id(of): of for of in group.values() if len(of) > 1}
    return Joined([_survivor_first(of, told) for of in whole.values()], held_back)


def may_join(one: Told, other: Told, *, said_apart: bool = False) -> Decision[bool]:
    """Return whether two records that look alike may become one person by themselves, or why not."""
    against = []
    if said_apart:
        against.append(APART)
    if one.lookalike or other.lookalike:
        against.append(LOOKALIKE)
    if not _born_alike(one.birth, other.birth) and not _mails_alike(one.email, other.email):
        if one.email and other.email:
            against.append(MAILS)
        if not _given_alike(one, other):
            against.append(NAMES)
    return because(not against, *against)


def _survivor_first(ids: Sequence[int], told: Mapping[int, Told]) -> list[int]:
    """Who tells the most stays; of equals, who has been known longest."""
    return sorted(ids, key=lambda one: (-told[one].fields, one))


def _born_alike(one: str, other: str) -> bool:
    """The same date, or one that two slips make of the other; of a family, only twins have that."""
    return bool(one and other) and _slips(one, other) <= _MOST_SLIPS


def _mails_alike(one: str, other: str) -> bool:
    """The same address, or one that a slip or a new domain makes of the other."""
    if not one or not other:
        return False
    same_mailbox = one.partition("@")[0] == other.partition("@")[0]
    return same_mailbox or _slips(one, other) <= _MOST_SLIPS or _alike(one, other, 0.88)


def _given_alike(one: Told, other: Told) -> bool:
    a, b = one.given, other.given
    if not a or not b or a.startswith(b) or b.startswith(a):
        return True
    return (a == other.family and one.family == b) or _alike(a, b, 0.8)


def _slips(one: str, other: str) -> int:
    return DamerauLevenshtein.distance(one, other, score_cutoff=_MOST_SLIPS)


def _alike(one: str, other: str, least: float) -> bool:
    return JaroWinkler.similarity(one, other) >= least
