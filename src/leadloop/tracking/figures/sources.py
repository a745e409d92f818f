"""The rows that measures count, as Ibis expressions over the copy."""

from __future__ import annotations

from collections.abc import Container, Sequence

import ibis
import ibis.expr.types as ir

from leadloop.tracking.columnar.stages import FLAGS
from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked, Source
from leadloop.tracking.figures.engine import Opened, alike

FINAL = ("won", "lost", "disqualified")


def _cohort(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    steps, lead = _steps(wanted), copy["lead"]
    lead = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end)
    joined = lead.join(copy["arrival"], "lead_id")
    came = {flag: joined[flag].notnull() for flag in steps}
    joined = joined.filter(ibis.or_(*came.values()))
    return joined.select(id=joined.lead_id, programme_id=joined.programme_id, owner_id=joined.owner_id, **came)


def _arrivals(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    first = copy["arrival"]
    found = first.select(id="lead_id", **{flag: _within(first[flag], asked) for flag in _steps(wanted)})
    found = found.filter(ibis.or_(*(found[flag] for flag in _steps(wanted))))
    return _of_lead(copy, found, found.id, _chosen(wanted, "programme_id", "owner_id"))


def _steps(wanted: Container[str]) -> list[str]:
    """The flags that are wanted; where none is, the first: a row is there for whoever came so far."""
    return [flag for flag in FLAGS if flag in wanted] or ["in_inquiries"]


def _handovers(copy: Opened, asked: Asked, wanted: Container[str]) -> ir.Table:
    if "seconds" in wanted or "contacted" in wanted:
        rows = handovers(copy)
        rows = rows.mutate(
            seconds=moments.seconds(rows.contacted_at) - moments.seconds(rows.entered_at),
            contacted=rows.contacted_at.notnull(),
        )
    else:
        rows = _handed(copy)
    rows = rows.filter(_within(rows.entered_at, asked)).rename(id="lead_id")
    return _of_lead(copy, rows, rows.id, _chosen(wanted, "programme_id"))


def _handed(copy: Opened) -> ir.Table:
    entry = copy["stage_entry"]
    return entry.filter(entry.stage == "assigned").select("lead_id", "event_id", "owner_id", "entered_at")


@alike
def handovers(copy: Opened) -> ir.Table:
    """Every hand-over with the moment of the first contact that followed it, null where none did."""
    handed, activity = _handed(copy), copy["activity"]
    talked = activity.filter(activity.contacted).select(contact_lead=activity.lead_id, happened_at=activity.happened_at)
    after = handed.join(
        talked, [handed.lead_id == talked.contact_lead, talked.happened_at >= handed.entered_at], how="left"
    )
    return after.group_by(["lead_id", "event_id", "owner_id", "entered_at"]).aggregate(
        contacted_at=lambda t: t.happened_at.min()
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
    left = entry.filter(_within(entry.left_at, asked), entry.stage.notin(list(FINAL)))
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
