"""How a pursuit begins."""

from __future__ import annotations

from datetime import datetime

from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import PromiseKind, Pursuit, Stage
from leadloop.leads.rules.promises import DueTimes
from leadloop.leads.rules.stages import RANK, STAGE_PROMISE

OWN_PROSPECT = "own_prospect"
IMPORTED_STAGE = "imported_stage"


@dataclass(frozen=True, slots=True)
class Opening:
    """One promise of a lead that opens."""

    kind: str
    owner_id: int
    due_at: datetime


def first_stage(pursuit: Pursuit) -> Stage:
    """Where it begins: closed history where it ended, a salesperson's own find in their hands, others as asked."""
    if pursuit.closed_as:
        return pursuit.closed_as
    if pursuit.handover == "sales_owned" and pursuit.owner_id and pursuit.stage is Stage.INQUIRY:
        return Stage.WORKING
    return pursuit.stage


def exception_at_opening(pursuit: Pursuit, stage: Stage) -> str:
    """The code of an open lead that begins handed over, or further on, without having been qualified."""
    if pursuit.closed_as or RANK.get(stage, 0) < RANK[Stage.ASSIGNED]:
        return ""
    return OWN_PROSPECT if pursuit.handover == "sales_owned" else IMPORTED_STAGE


def first_promises(
    pursuit: Pursuit, stage: Stage, owner_id: int, keeper_id: int, due_times: DueTimes
) -> tuple[Opening, ...]:
    """What is owed on a lead that opens now, the earliest first; nothing on closed history.

    In the first stage the owner owes the inquirer an answer and the stage's keeper a judgement. What goes to sales
    whatever it is isn't judged before: there the answer alone is owed, where somebody waits for one.
    """
    if pursuit.closed_as:
        return ()
    owed = []
    if stage is Stage.INQUIRY and pursuit.reply_owed:
        owed.append(Opening(PromiseKind.REPLY, owner_id, due_times(PromiseKind.REPLY, owner_id)))
    if not (owed and pursuit.handover == "all_inquiries"):
        kind, judge = STAGE_PROMISE[stage], keeper_id if stage is Stage.INQUIRY else owner_id
        owed.append(Opening(kind, judge, pursuit.due_at or due_times(kind, judge)))
    return tuple(sorted(owed, key=lambda one: (one.due_at, one.kind)))
