"""Fit, readiness and engagement. Pure: values in, a decision with its reasons out."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from math import log2
from typing import Any

from leadloop.criteria.rules import holds
from leadloop.kernel.decision import Decision, Reason
from leadloop.qualification.contracts import FitRule, Rules

LEAST, MOST = 0, 100
DAY = 86_400.0

STATED = {
    "budget": "Money is set aside",
    "authority": "May decide",
    "need": "Needs it",
    "timing": "Knows when",
}
_NO = frozenset({"", "no", "none", "not yet", "unknown", "nein", "keine", "keins", "non", "aucun", "ninguno", "0", "-"})


class Scorer:
    """Rules made ready for many leads: a condition is asked again only for values it has not met before.

    Titles, sizes and free-mail flags repeat, and leads come by the thousand. Conditions over time are not for fit.
    """

    MOST_KNOWN = 50_000

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._asked = [tuple(sorted(facets_named(rule.when))) for rule in rules.fit]
        self._known: list[dict[tuple[Any, ...], bool]] = [{} for _ in rules.fit]

    def fit(self, values: Mapping[str, Any], now: datetime) -> Decision[int]:
        """How well the lead fits us, 0 to 100: the base and the points of every rule that holds, each a reason."""
        reasons = [Reason("base", "Everybody starts with", self.rules.base)]
        for number, rule in enumerate(self.rules.fit):
            if self._holds(number, rule, values, now):
                reasons.append(Reason(rule.code, rule.label, rule.points))
        total = sum(reason.weight or 0 for reason in reasons)
        return Decision(int(max(LEAST, min(MOST, total))), tuple(reasons))

    def _holds(self, number: int, rule: FitRule, values: Mapping[str, Any], now: datetime) -> bool:
        known = self._known[number]
        key = tuple(values.get(name) for name in self._asked[number])
        answer = known.get(key)
        if answer is None:
            if len(known) >= self.MOST_KNOWN:
                known.clear()
            answer = known[key] = holds(rule.when, values, now).outcome
        return answer


def facets_named(condition: Any) -> set[str]:
    """Keys of the facets that a condition speaks of."""
    if isinstance(condition, Mapping):
        own = {str(condition["facet"])} if "facet" in condition else set()
        return own.union(*(facets_named(part) for part in condition.values()))
    if isinstance(condition, list):
        return set().union(*(facets_named(part) for part in condition))
    return set()


def readiness(answers: Mapping[str, str]) -> Decision[int]:
    """How ready to buy, 0 to 4: one for each of budget, authority, need and timing that was stated."""
    said = [
        Reason(key, f"{words}: {answers[key].strip()}"[:200], 1)
        for key, words in STATED.items()
        if answers.get(key, "").strip().casefold() not in _NO
    ]
    return Decision(len(said), tuple(said))


def touch_log(weight: float, at: datetime, half_life_days: float) -> float | None:
    """A touch as a base-2 logarithm on the common scale: log2(w · 2^(t/h)) = log2 w + t/h. None without weight.

    Forward decay (Cormode et al., ICDE 2009): nothing has to be recomputed as time goes by.
    """
    return log2(weight) + at.timestamp() / (half_life_days * DAY) if weight > 0 else None


def log_add(one: float | None, other: float | None) -> float | None:
    """log2(2^one + 2^other), exact without ever forming the huge powers. None stands for nothing yet."""
    if one is None or other is None:
        return one if other is None else other
    high, low = (one, other) if one >= other else (other, one)
    return high + log2(1 + 2 ** (low - high))


def engagement_now(s: float | None, now: datetime, half_life_days: float) -> float:
    """The decayed sum at a moment, in points: 2^(S - t/h). 0 for a lead that nobody touched."""
    return 0.0 if s is None else 2 ** (s - now.timestamp() / (half_life_days * DAY))


def expected_value(rules: Rules, grade: str) -> int:
    """What the lead is worth by the priors of the rules, in minor units of the base currency."""
    return round(rules.deal_minor * rules.win_percent.get(grade, 0) / 100)


def buying_stage(ready: int) -> str:
    """How far the buyer is, from what they stated: aware, considering from one answer, deciding from three."""
    return "deciding" if ready >= 3 else "considering" if ready else "aware"
