"""Whether two records look like one person: every field adds or takes, and says why.

After Fellegi and Sunter: a field that compares at some level weighs log2(m / u), m being how often records of one human
compare like that and u how often two strangers do. The weights of all fields and of what was to be expected before any
was looked at (`expected`) add up to the base-2 logarithm of the odds. One configuration for every company: m and u are
set here by judgement and checked on open data sets (docs/stages/identity.md); nothing is learnt from labels.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import accumulate
from math import log2
from typing import Any, NamedTuple

from leadloop.identity.contracts import Suggested
from leadloop.identity.rules import fields
from leadloop.identity.rules.fields import Level
from leadloop.kernel.decision import Reason
from leadloop.people.contracts import Profile

FEWEST, MOST = 1_000, 10_000_000  # persons known, between which the odds to begin with follow their number
# The same for two of one firm: "Same company" weighs as if one in 250 known were there, and of more persons than this
# that would be more than the 200 that a large firm has.
MOST_COLLEAGUES = 50_000
_ODDS_OF_COLLEAGUES = -log2(MOST_COLLEAGUES)
SUGGEST_AT = 2.0  # four of five
_HOPELESS = SUGGEST_AT - 0.01  # weights are rounded to two places
JOIN_AT = 12.0  # 4,096 of 4,097
_AGAINST = -1.6  # a field that weighs less speaks against it, and keeps two from being joined unseen
_POSES = "look_alike"
_Step = tuple[Callable[[Profile, Profile], Level | None], float]  # a field, and the most it and all after it weigh


class Field(NamedTuple):
    """How a field compares, the most it can weigh, and what has to be known for it to weigh anything."""

    code: str
    compare: Callable[[Profile, Profile], Level | None]
    most: float
    needs: tuple[str, ...]


# What is quick to compare and tells much comes first: whoever can't be the same any more is let go there.
FIELDS = (
    Field("name", fields.name, 14.6, ("given", "family")),
    Field("company", fields.company, 7.3, ("places",)),
    Field("city", fields.city, 4.3, ("city",)),
    Field("birth", fields.birth, 12.9, ("births",)),
    Field("postcode", fields.postcode, 6.3, ("postcodes",)),
    Field("street", fields.street, 7.3, ("streets",)),
    Field("phone", fields.phone, 6.4, ("phones",)),
    Field("email", fields.email, 16.7, ("emails",)),
    Field("title", fields.title, 2.4, ("places",)),
    Field("country", fields.country, 0.0, ("country",)),
)


def expected(known: int) -> float:
    """Return log2 of the odds that two are one before they are looked at: of so many persons known it is one."""
    return -log2(min(max(known, FEWEST), MOST))


def look_alike(one: Profile, others: Iterable[Profile], *, before: float) -> list[Suggested]:
    """Return what `compare` says of those others who are worth asking about; of most a glance at the name is enough."""
    told = [field for field in FIELDS if any(getattr(one, need) for need in field.needs)]
    most = [*accumulate((field.most for field in reversed(told)), initial=0.0)][:0:-1]
    steps = [(field.compare, rest) for field, rest in zip(told, most, strict=True)]
    possible = (compare(one, other, before=before) for other in others if _may_be(one, other, steps, before))
    return [found for found in possible if is_worth_asking(found)]


def _may_be(one: Profile, other: Profile, steps: Iterable[_Step], before: float) -> bool:
    """Whether fields that are not looked at yet can still bring the two so far that somebody is to be asked."""
    weight = _odds(one, other, before)
    for of, rest in steps:
        if weight + rest < _HOPELESS:
            return False
        level = of(one, other)
        if level is not None:
            weight += level.weight
    return weight >= _HOPELESS


def compare(one: Profile, other: Profile, *, before: float) -> Suggested:
    """Return how alike two persons are, with a reason for every field that both have; the same whoever comes first.

    `before` is what was `expected`.
    """
    reasons = [
        Reason(field.code, level.text, level.weight)
        for field in FIELDS
        if (level := field.compare(one, other)) is not None
    ]
    weight = _odds(one, other, before) + sum(reason.weight or 0.0 for reason in reasons)
    reasons.sort(key=lambda reason: -abs(reason.weight or 0.0))
    if one.lookalike or other.lookalike:
        reasons.insert(0, Reason(_POSES, "Letters that pose as others, or hidden ones: somebody has to look", 0.0))
    low, high = sorted((one.id, other.id))
    return Suggested(low, high, round(weight, 2), tuple(reasons))


def _odds(one: Profile, other: Profile, before: float) -> float:
    """What is expected of these two; see MOST_COLLEAGUES."""
    return max(before, _ODDS_OF_COLLEAGUES) if fields.are_colleagues(one, other) else before


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
