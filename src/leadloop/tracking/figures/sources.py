"""The rows that measures count, as Ibis expressions over the copy."""

from __future__ import annotations

from collections.abc import Container, Sequence

import ibis
import ibis.expr.types as ir

from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked, Source
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.measures import RANKS, STEPS

FINAL = ("won", "lost", "disqualified")


def _cohort(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    steps, lead, entry = _steps(wanted), copy["lead"], copy["stage_entry"]
    lead = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end)
    entry = entry.filter(_at_least(entry, min(steps.values())))
    if len(steps) == 1:  # whoever has an entry left came that far
        joined = lead.semi_join(entry, "lead_id")
        flags: dict[str, ir.Value] = dict.fromkeys(steps, ibis.literal(True))  # noqa: FBT003 - Ibis's signature
    else:
        ranked = entry.select("lead_id", rank=entry.stage.cases(*RANKS.items(), else_=-1))
        joined = lead.join(ranked.group_by("lead_id").aggregate(rank=lambda t: t["rank"].max()), "lead_id")
        flags = {flag: joined["rank"] >= rank for flag, rank in steps.items()}
    return joined.select(id=joined.lead_id, programme_id=joined.programme_id, owner_id=joined.owner_id, **flags)


def _arrivals(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    steps, entry = _steps(wanted), copy["stage_entry"]
    least = min(steps.values())
    entry = entry.filter(_at_least(entry, least))
    first = entry.group_by(id=entry.lead_id).aggregate(
        **{
            flag: entry.entered_at.min(where=None if rank == least else _at_least(entry, rank))
            for flag, rank in steps.items()
        }
    )
    found = first.select("id", **{flag: _within(first[flag], asked) for flag in steps})
    found = found.filter(ibis.or_(*(found[flag] for flag in steps)))
    return _of_lead(copy, found, found.id, _chosen(wanted, "programme_id", "owner_id"))


def _steps(wanted: Container[str]) -> dict[str, int]:
    """Ranks by the flags that are wanted; where none is, the first: a row is there for whoever came so far."""
    flags = {f"in_{key}": rank for key, _, _, rank in STEPS}
    return {flag: rank for flag, rank in flags.items() if flag in wanted} or {"in_inquiries": 0}


def _at_least(entry: ir.Table, rank: int) -> ir.BooleanValue:
    return entry.stage.isin([stage for stage, far in RANKS.items() if far >= rank])


def _handovers(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    entry = copy["stage_entry"]
    handed = entry.filter(entry.stage == "assigned", _within(entry.entered_at, asked)).select(
        "event_id", "owner_id", "entered_at", id=entry.lead_id
    )
    if "seconds" in wanted or "contacted" in wanted:
        handed = _with_contact(copy, handed)
    return _of_lead(copy, handed, handed.id, _chosen(wanted, "programme_id"))


def _with_contact(copy: Opened, handed: ir.Table) -> ir.Table:
    """Hand-overs with whether they were followed by a contact, and how soon."""
    activity = copy["activity"]
    talked = activity.filter(activity.contacted).select(contact_lead=activity.lead_id, happened_at=activity.happened_at)
    after = handed.join(talked, [handed.id == talked.contact_lead, talked.happened_at >= handed.entered_at], how="left")
    first = after.group_by(["id", "event_id", "owner_id", "entered_at"]).aggregate(
        contacted_at=lambda t: t.happened_at.min()
    )
    return first.select(
        "id",
        "owner_id",
        seconds=moments.seconds(first.contacted_at) - moments.seconds(first.entered_at),
        contacted=first.contacted_at.notnull(),
    )


def _of_lead(copy: Opened, rows: ir.Table, lead_id: ir.Value, columns: Sequence[str]) -> ir.Table:
    """Rows with these columns of their lead, if any; null where there is none."""
    if not columns:
        return rows
    lead = copy["lead"].select(*columns, of_lead="lead_id")
    return rows.left_join(lead, lead_id == lead.of_lead).drop("of_lead")


def _chosen(wanted: Container[str], *names: str) -> list[str]:
    return [name for name in names if name in wanted]


def _inquiries(copy: Opened, asked: Asked, _wanted: Container[str]) -> ir.Table:
    inquiry = copy["inquiry"]
    inquiry = inquiry.filter(inquiry.kind == "sales", _within(inquiry.happened_at, asked))
    return inquiry.select(id=inquiry.inquiry_id, programme_id=inquiry.programme_id, portal_id=inquiry.portal_id)


def _stays(copy: Opened, asked: Asked, _wanted: Container[str]) -> ir.Table:
    entry = copy["stage_entry"]
    order = ibis.window(group_by=entry.lead_id, order_by=[entry.entered_at, entry.event_id, entry.before])
    left = entry.mutate(left_at=entry.entered_at.lead().over(order))
    left = left.filter(left.left_at.notnull(), _within(left.left_at, asked), left.stage.notin(list(FINAL)))
    return left.select(
        id=left.lead_id,
        stage=left.stage,
        owner_id=left.owner_id,
        seconds=moments.seconds(left.left_at) - moments.seconds(left.entered_at),
    )


def _costs(copy: Opened, asked: Asked, _wanted: Container[str]) -> ir.Table:
    cost = copy["cost"]
    cost = cost.filter(cost.booked_on >= asked.first_day, cost.booked_on < asked.day_after)
    return cost.select(
        id=cost.cost_id,
        programme_id=cost.programme_id,
        kind=cost.kind,
        allocation=cost.allocation,
        minor=cost.base_minor,
    )


def _wins(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    won = copy["win"].filter(lambda t: t.is_primary)
    if "is_new" in wanted or "owner_id" in wanted:
        deal = copy["opportunity"].select("owner_id", "company_id", "person_id", deal_id="opportunity_id")
        won = won.left_join(deal, won.opportunity_id == deal.deal_id)
    if "is_new" in wanted:
        # A customer is a firm, or a person where no firm is known; the first win makes one.
        customer = ibis.coalesce(won.company_id * 2, won.person_id * 2 + 1, -won.opportunity_id)
        won = won.mutate(customer=customer)
        order = ibis.window(group_by=won.customer, order_by=[won.won_at, won.opportunity_id])
        won = won.mutate(is_new=ibis.row_number().over(order) == 0)
    won = won.filter(_within(won.won_at, asked)).rename(id="opportunity_id", minor="base_minor")
    if "seconds" not in wanted:
        return _of_lead(copy, won, won.lead_id, _chosen(wanted, "programme_id"))
    won = _of_lead(copy, won, won.lead_id, ["opened_at", *_chosen(wanted, "programme_id")])
    return won.mutate(seconds=moments.seconds(won.won_at) - moments.seconds(won.opened_at))


def _within(moment: ir.Value, asked: Asked) -> ir.BooleanValue:
    return (moment >= asked.start) & (moment < asked.end)


COHORT = Source("cohort", "lead", ("programme_id", "owner_id"), _cohort)
ARRIVALS = Source("arrivals", "lead", ("programme_id", "owner_id"), _arrivals)
HANDOVERS = Source("handovers", "lead", ("owner_id", "programme_id"), _handovers)
INQUIRIES = Source("inquiries", "inquiry", ("programme_id", "portal_id"), _inquiries)
STAYS = Source("stays", "lead", ("stage", "owner_id"), _stays)
COSTS = Source("costs", "cost", ("programme_id", "kind", "allocation"), _costs)
WINS = Source("wins", "opportunity", ("owner_id", "programme_id"), _wins)
