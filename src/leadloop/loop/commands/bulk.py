"""Many leads at once: what would change and what would not, and then doing it as one step that can be taken back."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime

from leadloop.agreement.queries import in_force
from leadloop.distribution import services as distribution
from leadloop.distribution.queries import pools
from leadloop.distribution.services.assigning import READY
from leadloop.kernel.errors import Invalid, NotFound, Refused
from leadloop.kernel.values import dataclass
from leadloop.leads.contracts import CLOSED_STAGES, LeadRow
from leadloop.leads.queries import rows as lead_rows
from leadloop.leads.queries import visible
from leadloop.loop.commands.desk import Done, finished, step
from leadloop.loop.commands.handing import assign
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import users

MOST = 5_000  # leads in one step, so that its way back stays small enough to be kept
UNSEEN, BARRED, CLOSED, SAME, WITH_SALES = "unseen", "barred", "closed", "same", "with_sales"


@dataclass(frozen=True, slots=True)
class Target:
    """Who is to have the leads: a person, or the people of a pool in their turn. Just one of the two."""

    user_id: int | None = None
    pool_id: int | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Which leads would change hands, and which would not, by the code of the reason."""

    change: tuple[int, ...]
    skipped: Mapping[str, tuple[int, ...]]


def plan_assign(viewer: Viewer, lead_ids: Collection[int], *, target: Target) -> Plan:
    """Sort leads by what giving them to the target would do. Three queries, whatever their number.

    Passed over: what the viewer can't see ("unseen") or change ("barred"), what is "closed", what its owner is given
    anyway ("same"), and for a pool what doesn't wait for sales any more ("with_sales"). Raises Invalid for too many.
    """
    asked = sorted(set(lead_ids))
    if len(asked) > MOST:
        raise Invalid(f"{len(asked):,} leads are too many at once", field="ids", mend=f"Choose at most {MOST:,}")
    seen, mine = visible(viewer, asked, "see"), visible(viewer, asked, "edit")
    rows = lead_rows(seen)
    skipped: dict[str, list[int]] = {}
    change: list[int] = []
    for lead_id in asked:
        why = _obstacle(rows.get(lead_id), target) if lead_id in mine else BARRED if lead_id in seen else UNSEEN
        (skipped.setdefault(why, []) if why else change).append(lead_id)
    return Plan(tuple(change), {why: tuple(ids) for why, ids in skipped.items()})


def _obstacle(row: LeadRow | None, target: Target) -> str:
    if row is None:
        return UNSEEN
    if row.stage in CLOSED_STAGES:
        return CLOSED
    if target.pool_id is not None:
        return "" if row.stage in READY else WITH_SALES
    return SAME if row.owner_id == target.user_id and row.stage not in READY else ""


def assign_many(viewer: Viewer, lead_ids: Collection[int], *, target: Target, now: datetime) -> Done:
    """Give leads to a person or a pool, as far as that is possible; what is passed over stays as it is.

    Raises Refused when nothing would change, Invalid or NotFound for a target that isn't there. A constant number of
    queries.
    """
    _must_be_there(target)
    plan = plan_assign(viewer, lead_ids, target=target)
    if not plan.change:
        raise Refused("None of these leads would change hands", mend="Choose others, or somebody else")
    if target.user_id is not None:
        return assign(viewer, plan.change, user_id=target.user_id, now=now)
    return _share_out(viewer, plan.change, target.pool_id or 0, now)


def _share_out(viewer: Viewer, lead_ids: Collection[int], pool_id: int, now: datetime) -> Done:
    with step(viewer, "assign", lead_ids, now=now) as one:
        given = distribution.share_out(
            one.lead_ids, pool_id=pool_id, terms=in_force(), actor=one.actor, now=now, skip_reason="asked_for_sales"
        )
        one.inverse = {"end_offers": [assigned.lead_id for assigned in given]}
        count = len(given)
        one.label = f"{count} {'lead' if count == 1 else 'leads'} shared out over {pools()[pool_id].name}"
    return finished(one)


def _must_be_there(target: Target) -> None:
    if (target.user_id is None) == (target.pool_id is None):
        raise Invalid("Say who is to have the leads", field="to", mend="Choose a person or a pool")
    if target.user_id is not None and not users([target.user_id], active=True):
        raise NotFound("There is nobody like that who works here", field="to", mend="Choose from the list")
    if target.pool_id is not None and target.pool_id not in pools():
        raise NotFound("There is no such pool", field="to", mend="Choose from the list")
