"""Whether two records look like one person: every field adds or takes, and says why.

After Fellegi and Sunter: a field that compares at some level weighs log2(m / u), m being how often records of one human
compare like that and u how often two strangers do. The weights of all fields and of what was to be expected before any
was looked at (`expected`) add up to the base-2 logarithm of the odds. One configuration for every company: m and u are
set here by judgement and checked on open data sets (docs/stages/identity.md); nothing is learnt from labels.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from math import log2
from typing import Any

from leadloop.identity.contracts import Suggested
from leadloop.identity.rules import fields
from leadloop.identity.rules.fields import Level
from leadloop.kernel.decision import Reason
from leadloop.people.contracts import Profile

FEWEST, MOST = 1_000, 10_000_000  # persons known, between which the odds to begin with follow their number
# The same for two of one firm: "Same company" weighs as if one in 250 known were there, and of more persons than this
# that would be more than the 200 that a large firm has.
MOST_COLLEAGUES = 50_000
SUGGEST_AT = 2.0  # four of five
JOIN_AT = 12.0  # 4,096 of 4,097
_AGAINST = -1.6  # a field that weighs less speaks against it, and keeps two from being joined unseen
_POSES = "look_alike"

_COMPARERS: tuple[tuple[str, Callable[[Profile, Profile], Level | None]], ...] = (
    ("name", fields.name),
    ("email", fields.email),
    ("phone", fields.phone),
    ("company", fields.company),
    ("city", fields.city),
    ("country", fields.country),
    ("birth", fields.birth),
    ("street", fields.street),
    ("postcode", fields.postcode),
    ("title", fields.title),
)


def expected(known: int) -> float:
    """Return log2 of the odds that two are one before they are looked at: of so many persons known it is one."""
    return -log2(min(max(known, FEWEST), MOST))


def compare(one: Profile, other: Profile, *, before: float) -> Suggested:
    """Return how alike two persons are, with a reason for every field that both have; the same whoever comes first.

    `before` is what was `expected`.
    """
    reasons = [
        Reason(field, level.text, round(log2(level.m / level.u), 2))
        for field, of in _COMPARERS
        if (level := of(one, other)) is not None
    ]
    odds = max(before, -log2(MOST_COLLEAGUES)) if fields.are_colleagues(one, other) else before
    weight = odds + sum(reason.weight or 0.0 for reason in reasons)
    reasons.sort(key=lambda reason: -abs(reason.weight or 0.0))
    if one.lookalike or other.lookalike:
        reasons.insert(0, Reason(_POSES, "Letters that pose as others, or hidden ones: somebody has to look", 0.0))
    low, high = sorted((one.id, other.id))
    return Suggested(low, high, round(weight, 2), tuple(reasons))


def is_worth_asking(found: Suggested) -> bool:
    """Tell whether somebody should look at the two."""
    return found.weight >= SUGGEST_AT


def poses(reasons: Sequence[Mapping[str, Any]]) -> bool:
    """Tell from stored reasons whether one of the two poses as somebody."""
    return any(reason["code"] == _POSES for reason in reasons)


def may_join(found: Suggested) -> bool:
    """Tell whether two may become one unseen: all but certain, nothing speaks against it, and nobody poses."""
    return found.weight >= JOIN_AT and not any(
        reason.code == _POSES or (reason.weight or 0.0) < _AGAINST for reason in found.reasons
    )


def to_join(found: Sequence[Suggested], person_id: int) -> int | None:
    """Return whom a person is to be joined with unseen; None where it is nobody or could be several."""
    fitting = [one for one in found if may_join(one)]
    if len(fitting) != 1:
        return None
    return fitting[0].person_a + fitting[0].person_b - person_id
