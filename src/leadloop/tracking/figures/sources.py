"""The rows that measures count, as Ibis expressions over the copy."""

from __future__ import annotations

import ibis
import ibis.expr.types as ir

from leadloop.tracking.figures import moments
from leadloop.tracking.figures.contracts import Asked, Source
from leadloop.tracking.figures.engine import Opened
from leadloop.tracking.measures import RANKS, STEPS

FINAL = ("won", "lost", "disqualified")


def ranked(copy: Opened) -> ir.Table:
    """Stage entries with how far along their stage is."""
    entry = copy["stage_entry"].filter(lambda t: t.stage.isin(list(RANKS)))
    return entry.mutate(rank=entry.stage.cases(*RANKS.items(), else_=-1))


def _cohort(copy: Opened, asked: Asked) -> ir.Table:
    lead = copy["lead"]
    lead = lead.filter(lead.opened_at >= asked.start, lead.opened_at < asked.end)
    far = ranked(copy).group_by("lead_id").aggregate(rank=lambda t: t["rank"].max())
    joined = lead.join(far, "lead_id")
    return joined.select(
        id=joined.lead_id, programme_id=joined.programme_id, owner_id=joined.owner_id, rank=joined["rank"]
    )


def _arrivals(copy: Opened, asked: Asked) -> ir.Table:
    entry = ranked(copy)
    moments = {f"at_{key}": entry.entered_at.min(where=entry["rank"] >= rank) for key, _, _, rank in STEPS}
    first = entry.group_by("lead_id").aggregate(**moments)
    lead = copy["lead"].select("lead_id", "programme_id", "owner_id")
    joined = first.join(lead, "lead_id")
    inside = {key: _within(joined[f"at_{key}"], asked) for key, *_ in STEPS}
    found = joined.select(
        id=joined.lead_id,
        programme_id=joined.programme_id,
        owner_id=joined.owner_id,
        **{f"in_{key}": flag for key, flag in inside.items()},
    )
    return found.filter(ibis.or_(*(found[f"in_{key}"] for key in inside)))


def _handovers(copy: Opened, asked: Asked) -> ir.Table:
    entry, activity = copy["stage_entry"], copy["activity"]
    handed = entry.filter(entry.stage == "assigned", _within(entry.entered_at, asked)).select(
        "lead_id", "event_id", "owner_id", "entered_at"
    )
    talked = activity.filter(activity.contacted).select(contact_lead=activity.lead_id, happened_at=activity.happened_at)
    after = handed.join(
        talked, [handed.lead_id == talked.contact_lead, talked.happened_at >= handed.entered_at], how="left"
    )
    first = after.group_by(["lead_id", "event_id", "owner_id", "entered_at"]).aggregate(
        contacted_at=lambda t: t.happened_at.min()
    )
    programmes = copy["lead"].select(of_lead="lead_id", programme_id="programme_id")
    joined = first.left_join(programmes, first.lead_id == programmes.of_lead)
    return joined.select(
        id=joined.lead_id,
        owner_id=joined.owner_id,
        programme_id=joined.programme_id,
        seconds=moments.seconds(joined.contacted_at) - moments.seconds(joined.entered_at),
        contacted=joined.contacted_at.notnull(),
    )


def _inquiries(copy: Opened, asked: Asked) -> ir.Table:
    inquiry = copy["inquiry"]
    inquiry = inquiry.filter(inquiry.kind == "sales", _within(inquiry.happened_at, asked))
    return inquiry.select(id=inquiry.inquiry_id, programme_id=inquiry.programme_id, portal_id=inquiry.portal_id)


def _stays(copy: Opened, asked: Asked) -> ir.Table:
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


def _costs(copy: Opened, asked: Asked) -> ir.Table:
    cost = copy["cost"]
    cost = cost.filter(cost.booked_on >= asked.first_day, cost.booked_on < asked.day_after)
    return cost.select(
        id=cost.cost_id,
        programme_id=cost.programme_id,
        kind=cost.kind,
        allocation=cost.allocation,
        minor=cost.base_minor,
    )


def _wins(copy: Opened, asked: Asked) -> ir.Table:
    won, lead = copy["win"], copy["lead"].select(of_lead="lead_id", began_at="opened_at", programme_id="programme_id")
    deal = copy["opportunity"].select(
        deal_id="opportunity_id", owner_id="owner_id", company_id="company_id", person_id="person_id"
    )
    one = won.filter(won.is_primary)
    joined = one.join(deal, one.opportunity_id == deal.deal_id)
    joined = joined.left_join(lead, joined.lead_id == lead.of_lead)
    # A customer is a firm, or a person where no firm is known; the first win makes one.
    customer = ibis.coalesce(joined.company_id * 2, joined.person_id * 2 + 1, -joined.opportunity_id)
    rows = joined.mutate(customer=customer)
    order = ibis.window(group_by=rows.customer, order_by=[rows.won_at, rows.opportunity_id])
    rows = rows.mutate(place=ibis.row_number().over(order))
    rows = rows.filter(_within(rows.won_at, asked))
    return rows.select(
        id=rows.opportunity_id,
        owner_id=rows.owner_id,
        programme_id=rows.programme_id,
        minor=rows.base_minor,
        is_new=rows.place == 0,
        seconds=moments.seconds(rows.won_at) - moments.seconds(rows.began_at),
    )


def _within(moment: ir.Value, asked: Asked) -> ir.BooleanValue:
    return (moment >= asked.start) & (moment < asked.end)


COHORT = Source("cohort", "lead", ("programme_id", "owner_id"), _cohort)
ARRIVALS = Source("arrivals", "lead", ("programme_id", "owner_id"), _arrivals)
HANDOVERS = Source("handovers", "lead", ("owner_id", "programme_id"), _handovers)
INQUIRIES = Source("inquiries", "inquiry", ("programme_id", "portal_id"), _inquiries)
STAYS = Source("stays", "lead", ("stage", "owner_id"), _stays)
COSTS = Source("costs", "cost", ("programme_id", "kind", "allocation"), _costs)
WINS = Source("wins", "opportunity", ("owner_id", "programme_id"), _wins)
