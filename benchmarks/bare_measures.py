"""Every measure as one would ask DuckDB for it alone, by hand. Nothing of the product is used but the files."""

from __future__ import annotations

STEPS = ("inquiries", "qualified", "handed_over", "accepted", "in_contact", "opportunities", "won")
_OPENED = "l.opened_at >= $start and l.opened_at < $end"
_HANDED = "e.stage = 'assigned' and e.entered_at >= $start and e.entered_at < $end"
_SPOKEN = "(from activity a where a.lead_id = e.lead_id and a.contacted and a.happened_at >= e.entered_at)"
_WON = "w.is_primary and w.won_at >= $start and w.won_at < $end"
_BOOKED = "booked_on >= $first_day and booked_on < $day_after"


def _seconds(after: str, before: str) -> str:
    """Between two moments, each cut to its second."""
    return f"date_diff('second', {before}, {after})"


def _cohort(step: str) -> str:
    return (
        f"select count(*) from lead l where {_OPENED}"
        f" and exists (from arrival a where a.lead_id = l.lead_id and a.in_{step} is not null)"
    )


def _event(step: str) -> str:
    return f"select count(*) from arrival where in_{step} >= $start and in_{step} < $end"


_FIRST_CONTACT = f"""
select e.event_id, {_seconds("min(a.happened_at)", "e.entered_at")} as seconds
  from stage_entry e
  left join activity a on a.lead_id = e.lead_id and a.contacted and a.happened_at >= e.entered_at
 where {_HANDED} group by e.event_id, e.entered_at
"""
_STAYS = f"""
select {_seconds("left_at", "entered_at")} as seconds
  from stage_entry
 where left_at >= $start and left_at < $end and stage not in ('won', 'lost', 'disqualified')
"""
_CYCLES = f"""
select {_seconds("w.won_at", "l.opened_at")} as seconds from win w join lead l using (lead_id) where {_WON}
"""
_CUSTOMERS = """
select count(*) from (
    select min((w.won_at, w.opportunity_id)) as first
      from win w join opportunity o using (opportunity_id)
     where w.is_primary
     group by coalesce(o.company_id * 2, o.person_id * 2 + 1, -o.opportunity_id))
 where first[1] >= $start and first[1] < $end
"""

SQL: dict[str, str] = {
    **{f"funnel.cohort.{key}": _cohort(key) for key in STEPS},
    **{f"funnel.event.{key}": _event(key) for key in STEPS},
    "follow_up.handed_over": f"select count(*) from stage_entry e where {_HANDED}",
    "follow_up.contacted": f"select count(*) from stage_entry e where {_HANDED} and exists {_SPOKEN}",
    "follow_up.untouched": f"select count(*) from stage_entry e where {_HANDED} and not exists {_SPOKEN}",
    "follow_up.rate": f"select avg(spoken::int) from (select exists {_SPOKEN} as spoken from stage_entry e"
    f" where {_HANDED})",
    "follow_up.p50": f"select quantile_cont(seconds, 0.5) from ({_FIRST_CONTACT})",
    "follow_up.p90": f"select quantile_cont(seconds, 0.9) from ({_FIRST_CONTACT})",
    **{
        f"follow_up.in_{key}": f"select avg(coalesce(seconds <= {limit}, false)::int) from ({_FIRST_CONTACT})"
        for key, limit in (("5_min", 300), ("1_h", 3_600), ("1_day", 86_400))
    },
    "stage_time.left": f"select count(*) from ({_STAYS})",
    "stage_time.p50": f"select quantile_cont(seconds, 0.5) from ({_STAYS})",
    "stage_time.p90": f"select quantile_cont(seconds, 0.9) from ({_STAYS})",
    "stage_time.mean": f"select avg(seconds) from ({_STAYS})",
    "inquiries.count": "select count(*) from inquiry"
    " where kind = 'sales' and happened_at >= $start and happened_at < $end",
    "cost.total": f"select coalesce(sum(base_minor), 0) from cost where {_BOOKED}",
    "cost.shared": f"select coalesce(sum(base_minor), 0) from cost where {_BOOKED} and programme_id is null",
    "won.deals": f"select count(*) from win w where {_WON}",
    "won.revenue": f"select coalesce(sum(base_minor), 0) from win w where {_WON}",
    "won.customers": _CUSTOMERS,
    "won.cycle_p50": f"select quantile_cont(seconds, 0.5) from ({_CYCLES})",
    "won.cycle_p90": f"select quantile_cont(seconds, 0.9) from ({_CYCLES})",
}
RATIOS = {  # what is divided by what
    "cost.per_inquiry": ("cost.total", "inquiries.count"),
    "cost.per_mql": ("cost.total", "funnel.event.qualified"),
    "cost.per_sal": ("cost.total", "funnel.event.accepted"),
    "cost.per_sql": ("cost.total", "funnel.event.in_contact"),
    "cost.per_won": ("cost.total", "won.deals"),
    "cost.cac": ("cost.total", "won.customers"),
    "won.per_cost": ("won.revenue", "cost.total"),
}
SQL |= {name: f"select ({SQL[above]})::double / nullif(({SQL[below]}), 0)" for name, (above, below) in RATIOS.items()}
