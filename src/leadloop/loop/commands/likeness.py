"""Two records that look alike: one person, never the same, related, or left as they are."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from leadloop.identity import services as identity
from leadloop.identity.contracts import SuggestionRow, Verdict
from leadloop.identity.queries import open_suggestions, suggestions
from leadloop.identity.rules.alike import poses
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.leads.queries import persons_within
from leadloop.ledger.contracts import by_user
from leadloop.loop import merging
from leadloop.loop.commands.desk import Done, finished, step
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope

MOST = 200  # pairs merged in one go, so that nobody waits long
LOOKED_AT = 1_000  # pairs of which those within reach are chosen, for who may not change everybody

_SAID = {
    Verdict.NEVER: "They are never taken for one person again",
    Verdict.RELATED: "Kept as two who belong together",
    Verdict.DISMISSED: "Left as two",
}


def alike_within(viewer: Viewer, rows: Sequence[SuggestionRow]) -> list[SuggestionRow]:
    """Those about two persons whom the viewer may both change, with every lead they have. At most one query."""
    if not rows or viewer.scope(Capability.PEOPLE, "edit") is Scope.NONE:
        return []
    mine = persons_within(viewer, {person_id for row in rows for person_id in (row.person_a, row.person_b)}, "edit")
    return [row for row in rows if row.person_a in mine and row.person_b in mine]


def merge_pair(viewer: Viewer, suggestion_id: int, *, survivor_id: int, now: datetime) -> Done:
    """Make one person of the two. Invalid for a survivor who is neither, Conflict where it is decided already."""
    row = _one(viewer, suggestion_id)
    if survivor_id not in (row.person_a, row.person_b):
        raise Invalid("One of the two has to stay", field="survivor", mend="Choose which")
    return Done("They are one person now", merge_id=_merge(viewer, row, survivor_id, now))


def judge(viewer: Viewer, suggestion_id: int, *, verdict: Verdict, now: datetime) -> Done:
    """Say of the two that they are never the same, related, or nothing. Conflict where it is decided already."""
    row = _one(viewer, suggestion_id)
    with step(viewer, "judge", [], now=now) as one:
        if not identity.decide_suggestions([row.id], verdict=verdict, actor=one.actor, now=now):
            raise _decided()
        one.inverse = {"suggestions": [row.id]}
        one.label = _SAID[verdict]
    return finished(one)


def mergeable(viewer: Viewer, *, at_least: float) -> list[SuggestionRow]:
    """What `merge_from` would merge: the weightiest, at most MOST, without those in which somebody poses."""
    found = [row for row in open_suggestions(limit=LOOKED_AT) if row.weight >= at_least and not poses(row.reasons)]
    return alike_within(viewer, found)[:MOST]


def merge_from(viewer: Viewer, *, at_least: float, now: datetime) -> Done:
    """Merge every pair that weighs at least this much, the record known for longer stays. Each stands by itself.

    What can't be merged, or was meanwhile, is passed over. Raises Refused where nothing is left to merge.
    """
    rows = mergeable(viewer, at_least=at_least)
    done = sum(_merged(viewer, row, now) for row in rows)
    if not done:
        raise Refused("There is nothing of this weight to merge", mend="Choose a lower one, or look at each pair")
    return Done(f"{done} {'pair' if done == 1 else 'pairs'} merged", None)


def _merged(viewer: Viewer, row: SuggestionRow, now: datetime) -> bool:
    try:
        _merge(viewer, row, row.person_a, now)
    except (Refused, Conflict):
        return False
    return True


def _merge(viewer: Viewer, row: SuggestionRow, survivor_id: int, now: datetime) -> int:
    other = row.person_a + row.person_b - survivor_id
    reasons = [_reason(one) for one in row.reasons]
    return merging.join(survivor_id, other, actor=by_user(viewer.user_id), now=now, reasons=reasons)


def _reason(said: dict[str, Any]) -> Reason:
    return Reason(said["code"], said["text"], said.get("weight"))


def _one(viewer: Viewer, suggestion_id: int) -> SuggestionRow:
    row = suggestions([suggestion_id]).get(suggestion_id)
    if row is None or not alike_within(viewer, [row]):
        raise NotFound("There are no such two records", mend="Choose a pair from the list")
    if row.state is not Verdict.OPEN:
        raise _decided()
    return row


def _decided() -> Conflict:
    return Conflict("Somebody has decided about these two already", mend="Go on with the next pair")
