"""Deciding, before anything is written, how each pursuit would begin."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

import orjson

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid, Unavailable
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, Pursuit, Stage
from leadloop.leads.rules import DueTimes, Opening, exception_at_opening, first_promises, first_stage
from leadloop.leads.rules.owning import keeper_of, keepers, owner_at_opening
from leadloop.leads.services.open_rows import NewLead
from leadloop.platform.contracts import UserRow
from leadloop.platform.queries import calendars, users

_IMPORTED_AS = {Stage.WON: "imported_won", Stage.LOST: "imported_lost"}


@dataclass(frozen=True, slots=True)
class Plan:
    """Pursuits of one person and interest, the lead they would open, and what would be owed on it.

    All but the first join, whether the lead is new or not. Closed history is a plan of its own each.
    """

    pursuits: Sequence[Pursuit]
    lead: NewLead
    owed: tuple[Opening, ...]

    @property
    def key(self) -> tuple[int, int]:
        """What at most one open lead may have."""
        return self.lead.person_id, self.lead.interest_id


def plans(pursuits: Sequence[Pursuit], terms: Terms, now: datetime) -> list[Plan]:
    """How the pursuits would begin, in the order in which all processes write them. Two queries."""
    _check(pursuits)
    wanted = {one.owner_id for one in pursuits} | keepers(terms.clauses.stages.values())
    active = users(ids=[one for one in wanted if one is not None], active=True)
    due_times = DueTimes(terms, calendars(list(active)), now)
    return [_plan(place, group, terms, active, due_times, now) for place, group in enumerate(_groups(pursuits))]


def _groups(pursuits: Iterable[Pursuit]) -> list[list[Pursuit]]:
    history = [[one] for one in pursuits if one.closed_as]
    groups: dict[tuple[int, int], list[Pursuit]] = {}
    for one in pursuits:
        if not one.closed_as:
            groups.setdefault((one.person_id, one.interest_id), []).append(one)
    return history + [groups[key] for key in sorted(groups)]


def _plan(
    place: int,
    group: list[Pursuit],
    terms: Terms,
    active: dict[int, UserRow],
    due_times: DueTimes,
    now: datetime,
) -> Plan:
    first = group[0]
    stage = first_stage(first)
    kept_in = Stage.INQUIRY if first.closed_as else stage
    owner_id = owner_at_opening(first.owner_id, kept_in, terms, active)
    keeper_id = keeper_of(kept_in, terms, active)
    if owner_id is None:
        raise _nobody(kept_in, terms)
    owed = first_promises(first, stage, owner_id, keeper_id or owner_id, due_times)
    lead = _new_lead(place, group, stage, active[owner_id], owed, now)
    return Plan(group, lead, owed)


def _new_lead(
    place: int, group: list[Pursuit], stage: Stage, owner: UserRow, owed: tuple[Opening, ...], now: datetime
) -> NewLead:
    first = group[0]
    opened_at = min(first.happened_at, now)
    closed_at = (first.closed_at or opened_at) if first.closed_as else None
    return NewLead(
        place=place,
        person_id=first.person_id,
        company_id=first.company_id,
        interest_id=first.interest_id,
        stage=stage,
        stage_since=closed_at or opened_at,
        owner_id=owner.id,
        team_id=owner.team_id,
        due_at=owed[0].due_at if owed else None,
        due_kind=owed[0].kind if owed else "",
        programme_id=first.programme_id,
        source_id=first.source_id,
        handover=first.handover,
        why=first.why,
        last_touch_at=min(max(one.happened_at for one in group), now),
        touches=len(group),
        exception_code=exception_at_opening(first, stage),
        opened_at=opened_at,
        closed_at=closed_at,
        close_reason=_close_reason(first),
        attributes=orjson.dumps(first.attributes).decode(),
    )


def _close_reason(pursuit: Pursuit) -> str:
    if not pursuit.closed_as:
        return ""
    return pursuit.close_reason or _IMPORTED_AS.get(pursuit.closed_as, "")


def _check(pursuits: Sequence[Pursuit]) -> None:
    if len({one.ref for one in pursuits}) < len(pursuits):
        raise Invalid("two pursuits have the same reference", field="ref", mend="Number them")
    for one in pursuits:
        if one.stage in CLOSED_STAGES:
            raise Invalid("a lead can't begin closed this way", field="stage", mend="Give closed_as")
        if one.closed_as and one.closed_as not in CLOSED_STAGES:
            raise Invalid(
                "this is no stage that closes a lead", field="closed_as", mend="Give won, lost or disqualified"
            )
        if one.closed_as and not _close_reason(one):
            raise Invalid("closed history needs a reason", field="close_reason", mend="Map its reason column")


def _nobody(stage: Stage, terms: Terms) -> Unavailable:
    return Unavailable(
        f"nobody who works here answers for “{terms.label(stage)}”",
        mend="Sign an agreement that names an active keeper or deputy for it",
    )
