"""What makes an agreement sound, and whose signatures put it in force."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping

from leadloop.agreement.contracts import (
    OWN_REASONS,
    PLACES,
    PROMISES,
    STAGES,
    USES,
    Capacity,
    Clauses,
    Leadership,
    Problem,
    ReasonClause,
    StageClause,
)

_SIGNERS: dict[Leadership, tuple[Capacity, ...]] = {
    "sales": (Capacity.HEAD_OF_SALES,),
    "marketing": (Capacity.HEAD_OF_MARKETING,),
    "joint": (Capacity.HEAD_OF_SALES, Capacity.HEAD_OF_MARKETING),
}
_CODE = re.compile(r"[a-z][a-z0-9_]{0,39}")


def signers(leadership: Leadership, before: Leadership | None) -> tuple[Capacity, ...]:
    """Return who must sign a draft under `leadership`, when `before` led so far (None: nobody did).

    A change of leadership needs those who lead now as well as those who are to lead: nobody is voted out
    in their absence.
    """
    asked = {*_SIGNERS[leadership], *(_SIGNERS[before] if before else ())}
    return tuple(capacity for capacity in Capacity if capacity in asked)


def problems(clauses: Clauses, *, active: Collection[int], conditions: Mapping[str, str]) -> list[Problem]:
    """Return all that is wrong, in the order of the text; an empty list for a sound agreement.

    `active` are the users who may be accountable. `conditions` gives for each stage whose `enters_when` can't be
    used what is wrong with it.
    """
    return [
        *_stages(clauses, active, conditions),
        *_keys("promises", clauses.promises, PROMISES),
        *_reasons(clauses.reasons),
        *_places(clauses.places, active),
        *_period(clauses.reopen_days),
    ]


def _stages(clauses: Clauses, active: Collection[int], conditions: Mapping[str, str]) -> Iterator[Problem]:
    yield from _keys("stages", clauses.stages, STAGES)
    labels: dict[str, str] = {}
    for key, clause in clauses.stages.items():
        path = f"stages.{key}"
        yield from _people(path, clause, active)
        yield from _words(f"{path}.label", clause.label)
        yield from _words(f"{path}.means", clause.means)
        if twin := labels.setdefault(clause.label.strip().lower(), key) != key:
            yield Problem(f"{path}.label", f"“{clause.label}” is the name of two stages", "Give each its own name")
        if not twin and key in conditions:
            yield Problem(f"{path}.enters_when", conditions[key], "Mend the condition")


def _people(path: str, clause: StageClause, active: Collection[int]) -> Iterator[Problem]:
    if clause.keeper_id not in active:
        yield Problem(f"{path}.keeper_id", f"Nobody active keeps “{clause.label}”", "Name an active user")
    if clause.deputy_id is None:
        return
    if clause.deputy_id not in active:
        yield Problem(f"{path}.deputy_id", f"The deputy for “{clause.label}” is not active", "Name an active user")
    if clause.deputy_id == clause.keeper_id:
        yield Problem(f"{path}.deputy_id", "The keeper can't be their own deputy", "Name somebody else, or nobody")


def _reasons(reasons: Mapping[str, ReasonClause]) -> Iterator[Problem]:
    for code, use in OWN_REASONS.items():
        if code not in reasons or use not in reasons[code].uses:
            yield Problem(f"reasons.{code}", f"Leadloop itself gives this reason to {_VERBS[use]}", "Put it back")
    for use in USES:
        if not any(use in clause.uses for clause in reasons.values()):
            yield Problem("reasons", f"There is no reason to {_VERBS[use]}", "Add one")
    for code, clause in reasons.items():
        yield from _reason(f"reasons.{code}", code, clause)


def _reason(path: str, code: str, clause: ReasonClause) -> Iterator[Problem]:
    yield from _words(f"{path}.label", clause.label)
    if not _CODE.fullmatch(code):
        yield Problem(path, f"{code!r} is not a code", "Use small letters, digits and underscores, a letter first")
    if not clause.uses:
        yield Problem(f"{path}.uses", f"“{clause.label}” can't be given for anything", "Say what it is for")
    if "reject" in clause.uses and not clause.back_to:
        yield Problem(f"{path}.back_to", "A rejected lead must go somewhere", "Say qualified or nurturing")
    if "recycle" in clause.uses and not clause.wake_days:
        yield Problem(f"{path}.wake_days", "A recycled lead must be looked at again", "Say after how many days")
    if clause.wake_days is not None and not 0 < clause.wake_days <= _MOST_DAYS:
        yield Problem(f"{path}.wake_days", "The days are out of reach", f"Give 1 to {_MOST_DAYS} days")


def _places(places: Mapping[str, int], active: Collection[int]) -> Iterator[Problem]:
    yield from _keys("places", places, PLACES)
    for kind, user_id in places.items():
        if user_id not in active:
            yield Problem(f"places.{kind}", f"Nobody active looks after “{kind}” inquiries", "Name an active user")


def _period(days: int) -> Iterator[Problem]:
    if not 0 <= days <= _MOST_DAYS:
        yield Problem("reopen_days", "The days are out of reach", f"Give 0 to {_MOST_DAYS} days")


def _keys(part: str, given: Collection[str], asked: Collection[str]) -> Iterator[Problem]:
    for key in asked:
        if key not in given:
            yield Problem(f"{part}.{key}", "This clause is missing", "Add it")
    for key in given:
        if key not in asked:
            yield Problem(f"{part}.{key}", "There is no such clause", f"Use: {', '.join(asked)}")


def _words(path: str, text: str) -> Iterator[Problem]:
    if not text.strip():
        yield Problem(path, "The words are missing", "Write what people should read here")


_MOST_DAYS = 3650
_VERBS = {
    "reject": "reject a lead",
    "recycle": "recycle a lead",
    "lose": "close a lead as lost",
    "disqualify": "disqualify a lead",
    "skip": "skip a stage",
    "pull_back": "pull a lead back",
    "win": "close a lead as won",
    "merge": "merge leads",
}
