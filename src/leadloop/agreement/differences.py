"""What a draft changes, in plain sentences."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from leadloop.agreement.contracts import Clauses, PromiseClause, ReasonClause, StageClause
from leadloop.criteria.compile import explain

_LEADERS = {"sales": "sales", "marketing": "marketing", "joint": "sales and marketing together"}
_HANDOVERS = {
    "sales_ready": "Only qualified leads are handed to sales",
    "all_inquiries": "Every inquiry is handed to sales at once",
    "sales_owned": "Whoever finds a lead works it at once",
}
_USES = {
    "reject": "rejecting",
    "recycle": "recycling",
    "lose": "losing",
    "disqualify": "disqualifying",
    "skip": "skipping a stage",
    "pull_back": "pulling back",
    "win": "winning",
    "merge": "merging",
}
Names = Mapping[int, str]


def diff(old: Clauses, new: Clauses, names: Names | None = None) -> list[str]:
    """Return one sentence per change from `old` to `new`, in the order of the text; empty when they say the same.

    `names` gives the users' names; a user without one is called by number.
    """
    people = names or {}
    return [
        *_whole(old, new),
        *_each("stage", old.stages, new.stages, lambda key: _stage(old.stages[key], new.stages[key], people)),
        *_each("promise", old.promises, new.promises, lambda key: _promise(old.promises[key], new.promises[key])),
        *_each("reason", old.reasons, new.reasons, lambda key: _reason(old.reasons[key], new.reasons[key])),
        *_places(old.places, new.places, people),
    ]


def _whole(old: Clauses, new: Clauses) -> Iterator[str]:
    if old.leadership != new.leadership:
        yield _sentence(f"{_LEADERS[new.leadership]} leads instead of {_LEADERS[old.leadership]}")
    if old.handover != new.handover:
        yield _sentence(_HANDOVERS[new.handover])
    if old.reopen_days != new.reopen_days:
        yield f"A closed lead is picked up again within {new.reopen_days} days instead of {old.reopen_days}."


def _each(noun: str, old: Mapping[str, Any], new: Mapping[str, Any], changes: Any) -> Iterator[str]:
    """Yield what is new, what changed and what is gone among clauses of one kind."""
    for key, clause in new.items():
        if key not in old:
            yield f"The {noun} “{clause.label}” is new."
        else:
            yield from changes(key)
    yield from (f"The {noun} “{clause.label}” is dropped." for key, clause in old.items() if key not in new)


def _stage(old: StageClause, new: StageClause, people: Names) -> Iterator[str]:
    label = new.label
    if old.label != label:
        yield f"The stage “{old.label}” is now called “{label}”."
    if old.means != new.means:
        yield f"“{label}” now means: {new.means}"
    if old.keeper_id != new.keeper_id:
        yield f"{_name(new.keeper_id, people)} answers for “{label}” instead of {_name(old.keeper_id, people)}."
    if old.deputy_id != new.deputy_id:
        yield f"{_name(new.deputy_id, people)} stands in for “{label}” instead of {_inside(old.deputy_id, people)}."
    if old.enters_when != new.enters_when:
        yield _condition(label, new.enters_when)


def _condition(label: str, condition: Mapping[str, Any] | None) -> str:
    if condition is None:
        return f"Nothing decides by rule any more when a lead enters “{label}”."
    return f"A lead enters “{label}” when {explain(condition)}."


def _promise(old: PromiseClause, new: PromiseClause) -> Iterator[str]:
    if old.label != new.label:
        yield f"The promise “{old.label}” is now called “{new.label}”."
    if old.text() != new.text():
        yield f"“{new.label}” is promised within {new.text()} instead of {old.text()}."


def _reason(old: ReasonClause, new: ReasonClause) -> Iterator[str]:
    if old.label != new.label:
        yield f"The reason “{old.label}” is now called “{new.label}”."
    if set(old.uses) != set(new.uses):
        yield f"“{new.label}” may be given for {_listed([_USES[use] for use in new.uses])}."
    if old.back_to != new.back_to:
        yield f"“{new.label}” sends a lead back to {new.back_to}." if new.back_to else f"“{new.label}” sends nowhere."
    if old.wake_days != new.wake_days:
        yield _wake(new)


def _wake(clause: ReasonClause) -> str:
    if clause.wake_days is None:
        return f"After “{clause.label}” a lead is not looked at again."
    return f"After “{clause.label}” a lead is looked at again in {clause.wake_days} days."


def _places(old: Mapping[str, int], new: Mapping[str, int], people: Names) -> Iterator[str]:
    for kind, user_id in new.items():
        if old.get(kind) != user_id:
            before = _inside(old.get(kind), people)
            yield f"{_name(user_id, people)} looks after “{kind}” inquiries instead of {before}."
    yield from (f"Nobody looks after “{kind}” inquiries any more." for kind in old if kind not in new)


def _name(user_id: int | None, people: Names) -> str:
    return "Nobody" if user_id is None else people.get(user_id, f"User {user_id}")


def _inside(user_id: int | None, people: Names) -> str:
    """The same within a sentence."""
    return "nobody" if user_id is None else _name(user_id, people)


def _listed(words: list[str]) -> str:
    return " and ".join(filter(None, [", ".join(words[:-1]), words[-1]])) if words else "nothing"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}."
