"""Fit: how well a lead suits us, by points with their reasons."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import Any

from leadloop.criteria.rules import holds
from leadloop.kernel.decision import Decision, Reason
from leadloop.qualification.contracts import Asking, Rules
from leadloop.qualification.rules.titles import Titles

LEAST, MOST = 0, 100
TITLE, PLACE, OTHER = "touch.title", "touch.place", "other"


class Scorer:
    """Rules made ready for many leads: a condition is asked again only for values it has not met before.

    Titles, sizes and free-mail flags repeat, and leads come by the thousand. Conditions over time are not for fit.
    """

    MOST_KNOWN = 50_000

    def __init__(self, rules: Rules) -> None:
        self.rules = rules
        self._titles = Titles(rules.titles)
        asking: list[Asking] = [*rules.fit, *rules.disqualifiers]
        self._named = {rule.code: tuple(sorted(facets_named(rule.when))) for rule in asking}
        self._base = Reason("base", "Everybody starts with", rules.base)
        self._points = {rule.code: Reason(rule.code, rule.label, rule.points) for rule in rules.fit}
        self._known: dict[tuple[Any, ...], bool] = {}

    def fit(self, values: Mapping[str, Any], now: datetime, before: Collection[str] = ()) -> Decision[int]:
        """How well the lead fits us, 0 to 100: the base and the points of every rule that holds, each a reason.

        `before` are the codes that held at the last assessment. What isn't said now isn't unsaid: a rule that speaks
        only of what is not known this time stands as it was. What rules the lead out comes last and takes all points.
        """
        values = self.complete(values)
        reasons = [self._base]
        for rule in self.rules.fit:
            if self._holds(rule, values, now) or (
                rule.code in before and self._is_unsaid(rule.code, values, evidence=rule.points > 0)
            ):
                reasons.append(self._points[rule.code])
        total = sum(reason.weight or 0 for reason in reasons)
        for out in self.rules.disqualifiers:
            if self._holds(out, values, now) or (
                out.code in before and self._is_unsaid(out.code, values, evidence=False)
            ):
                return Decision(0, (*reasons, Reason(out.code, out.label, -max(0, total))))
        return Decision(int(max(LEAST, min(MOST, total))), tuple(reasons))

    def disqualifier(self, decision: Decision[int]) -> str:
        """The code of what rules the lead out by this decision, empty when nothing does."""
        last = decision.reasons[-1].code
        return next((rule.code for rule in self.rules.disqualifiers if rule.code == last), "")

    def weight(self, key: str) -> float:
        """Points of a touch of this kind on its day."""
        return self.rules.touch_weights.get(key, self.rules.touch_default)

    def complete(self, values: Mapping[str, Any]) -> Mapping[str, Any]:
        """The values with the place in the firm that the title tells, unless the caller knew it."""
        title = values.get(TITLE)
        if not title or values.get(PLACE):
            return values
        return {**values, PLACE: self._titles.place(title) or OTHER}

    def _holds(self, rule: Asking, values: Mapping[str, Any], now: datetime) -> bool:
        key = (rule.code, *map(values.get, self._named[rule.code]))
        answer = self._known.get(key)
        if answer is None:
            if len(self._known) >= self.MOST_KNOWN:
                self._known.clear()
            answer = self._known[key] = holds(rule.when, values, now).outcome
        return answer

    def _is_unsaid(self, code: str, values: Mapping[str, Any], *, evidence: bool) -> bool:
        """Whether nothing that the rule asks about is known. Where it is evidence, a "no" only means not given."""
        unknown = (None, "", False) if evidence else (None, "")
        return all(values.get(name) in unknown for name in self._named[code])


def facets_named(condition: Any) -> set[str]:
    """Keys of the facets that a condition speaks of."""
    if isinstance(condition, Mapping):
        own = {str(condition["facet"])} if "facet" in condition else set()
        return own.union(*(facets_named(part) for part in condition.values()))
    if isinstance(condition, list):
        return set().union(*(facets_named(part) for part in condition))
    return set()
