"""Every figure by name, with the statement that lists the rows behind it. A figure is the number of its rows."""

from __future__ import annotations

from leadloop.kernel.errors import NotFound
from leadloop.tracking.contracts import Measure

# How far along a stage is. Leads are counted at the furthest stage they ever entered.
RANKS = {
    "inquiry": 0,
    "nurturing": 0,
    "qualified": 1,
    "assigned": 2,
    "accepted": 3,
    "working": 4,
    "opportunity": 5,
    "won": 6,
}
_RANKED = ", ".join(f"('{stage}', {rank})" for stage, rank in RANKS.items())

REACHED = f"""
select l.lead_id, l.owner_id, l.programme_id, max(r.rank) as rank
  from leads_facet_lead l
  join leads_facet_stage_entry e on e.lead_id = l.lead_id
  join (values {_RANKED}) as r (stage, rank) on r.stage = e.stage
 where l.opened_at >= %(start)s and l.opened_at < %(end)s
 group by 1, 2, 3
"""

STEPS = (
    ("inquiries", "Leads opened", "inquiry", 0),
    ("qualified", "Qualified (MQL)", "qualified", 1),
    ("handed_over", "Handed over", "assigned", 2),
    ("accepted", "Accepted (SAL)", "accepted", 3),
    ("in_contact", "In contact (SQL)", "working", 4),
    ("opportunities", "Opportunity", "opportunity", 5),
    ("won", "Won", "won", 6),
)

HANDED_OVER = """
select e.lead_id, e.owner_id as user_id, e.entered_at,
       (select min(a.happened_at) from selling_facet_activity a
         where a.lead_id = e.lead_id and a.contacted and a.happened_at >= e.entered_at) as contacted_at
  from leads_facet_stage_entry e
 where e.stage = 'assigned' and e.entered_at >= %(start)s and e.entered_at < %(end)s
"""

# Last touch: the programme of the last inquiry about buying that any lead of the deal made up to the win.
CREDITED = """
select w.opportunity_id, w.base_minor, last.programme_id
  from selling_facet_win w
  left join lateral (
       select i.programme_id from selling_facet_win of_it
         join capture_facet_inquiry i on i.lead_id = of_it.lead_id
        where of_it.opportunity_id = w.opportunity_id and i.kind = 'sales' and i.happened_at <= w.won_at
        order by i.happened_at desc, i.inquiry_id desc limit 1) last on true
 where w.is_primary and w.won_at >= %(start)s and w.won_at < %(end)s
"""

BOOKED = """
select cost_id, programme_id, base_minor from programmes_facet_cost
 where booked_on >= (%(start)s::timestamptz at time zone %(zone)s)::date
   and booked_on < (%(end)s::timestamptz at time zone %(zone)s)::date
"""

# Deals opened in the period, with the source of the pursuit that led to them.
MADE = """
select o.opportunity_id, l.source_id, o.currency, o.minor, o.base_minor
  from selling_facet_opportunity o left join leads_facet_lead l on l.lead_id = o.lead_id
 where o.opened_at >= %(start)s and o.opened_at < %(end)s
"""

# The parts of the loop: their stages, and the promise each keeps.
PARTS = (
    ("qualification", "Qualification", ("inquiry",), "qualify"),
    ("nurturing", "Nurturing", ("nurturing",), "nurture"),
    ("distribution", "Distribution", ("qualified", "assigned"), "accept"),
    ("selling", "Selling", ("accepted", "working", "opportunity"), "next_step"),
)

_COHORT = "Leads opened in the period that ever came at least this far"

MEASURES = {
    m.name: m
    for m in (
        *(
            Measure(f"funnel.{key}", label, _COHORT, "lead", f"select lead_id from ({REACHED}) r where rank >= {rank}")
            for key, label, _, rank in STEPS
        ),
        *(
            Measure(
                f"programme.{key}",
                label,
                f"{_COHORT}, brought by this programme",
                "lead",
                f"select lead_id from ({REACHED}) r"
                f" where rank >= {rank} and programme_id is not distinct from %(programme)s::bigint",
            )
            for key, label, _, rank in STEPS
        ),
        Measure(
            "programme.revenue",
            "Revenue",
            "Deals won in the period whose last inquiry before the win this programme brought; each at the rate of "
            "its closing day",
            "opportunity",
            f"select opportunity_id from ({CREDITED}) c where programme_id is not distinct from %(programme)s::bigint",
        ),
        Measure(
            "programme.cost",
            "Cost",
            "Lines of the cost book in the period, at the rate of the day they were booked",
            "cost",
            f"select cost_id from ({BOOKED}) b where programme_id is not distinct from %(programme)s::bigint",
        ),
        Measure(
            "programme.touches",
            "Inquiries",
            "Inquiries about buying in the period that this programme brought, further ones of open leads included",
            "inquiry",
            "select inquiry_id from capture_facet_inquiry where kind = 'sales' and happened_at >= %(start)s"
            " and happened_at < %(end)s and programme_id is not distinct from %(programme)s::bigint",
        ),
        Measure(
            "source.leads",
            "Leads by source",
            "Leads opened in the period that came from this source",
            "lead",
            "select lead_id from leads_facet_lead where opened_at >= %(start)s and opened_at < %(end)s"
            " and source_id is not distinct from %(source)s::bigint",
        ),
        Measure(
            "source.deals",
            "Deals by source",
            "Deals opened in the period, whatever became of them, whose lead came from this source",
            "opportunity",
            f"select opportunity_id from ({MADE}) m where source_id is not distinct from %(source)s::bigint",
        ),
        Measure(
            "follow_up.handed_over",
            "Handed over",
            "Hand-overs in the period",
            "lead",
            f"select lead_id from ({HANDED_OVER}) h where %(user)s::bigint is null or user_id = %(user)s",
        ),
        Measure(
            "follow_up.contacted",
            "Followed up",
            "Hand-overs in the period after which somebody spoke with the person or really wrote",
            "lead",
            f"select lead_id from ({HANDED_OVER}) h where contacted_at is not null"
            " and (%(user)s::bigint is null or user_id = %(user)s)",
        ),
        Measure(
            "follow_up.untouched",
            "Never followed up",
            "Hand-overs in the period without any contact until now",
            "lead",
            f"select lead_id from ({HANDED_OVER}) h where contacted_at is null"
            " and (%(user)s::bigint is null or user_id = %(user)s)",
        ),
        Measure(
            "capture.taken_in",
            "Inquiries taken in",
            "Inquiries about buying that happened in the period, each standing at a lead",
            "inquiry",
            "select inquiry_id from capture_facet_inquiry where kind = 'sales' and happened_at >= %(start)s"
            " and happened_at < %(end)s",
        ),
        Measure(
            "loop.broken",
            "Broken promises",
            "Promises of all parts of the loop that fell due in the period and were not kept in time",
            "lead",
            "select lead_id from leads_facet_promise where is_broken and due_at >= %(start)s and due_at < %(end)s"
            f" and kind in {tuple(promise for *_, promise in PARTS)}",
        ),
        *(
            measure
            for key, label, stages, promise in PARTS
            for measure in (
                Measure(
                    f"loop.{key}.open",
                    f"{label}: open",
                    "Open leads that stand here now",
                    "lead",
                    f"select lead_id from leads_facet_lead where is_open and stage in {(*stages, '-')}",
                ),
                Measure(
                    f"loop.{key}.late",
                    f"{label}: late",
                    "Open leads that stand here and whose next step is past its time",
                    "lead",
                    f"select lead_id from leads_facet_lead where is_open and stage in {(*stages, '-')}"
                    " and due_at < %(now)s",
                ),
                Measure(
                    f"loop.{key}.broken",
                    f"{label}: broken promises",
                    "Promises of this part that fell due in the period and were not kept in time",
                    "lead",
                    "select lead_id from leads_facet_promise where is_broken and due_at >= %(start)s"
                    f" and due_at < %(end)s and kind = '{promise}'",
                ),
                Measure(
                    f"loop.{key}.kept",
                    f"{label}: kept promises",
                    "Promises of this part that fell due in the period and were kept in time",
                    "lead",
                    "select lead_id from leads_facet_promise where state = 'kept' and not is_broken"
                    f" and due_at >= %(start)s and due_at < %(end)s and kind = '{promise}'",
                ),
            )
        ),
    )
}


def measure(name: str) -> Measure:
    """The measure of this name; NotFound lists what there is."""
    if name not in MEASURES:
        raise NotFound(f"There is no figure {name}", field="measure", mend=f"Known: {', '.join(sorted(MEASURES))}")
    return MEASURES[name]
