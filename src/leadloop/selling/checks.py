"""Money adds up, and deals have their outcome."""

from __future__ import annotations

from leadloop.ledger.checks import Check

CHECKS = (
    Check(
        6,
        "a closed deal without a reason",
        "Every closed deal has a time and a reason",
        "select 'opportunity ' || id from selling_opportunity"
        " where state <> 'open' and (close_reason = '' or closed_at is null) limit %s",
    ),
    Check(
        4,
        "an open deal without a next step",
        "Every open deal has a next step with a time",
        "select 'opportunity ' || id from selling_opportunity where state = 'open' and next_step_at is null limit %s",
    ),
    Check(
        8,
        "a deal that is not the sum of its lines",
        "A deal with lines is worth their sum, each rounded to the smallest unit as it was agreed",
        """
        select 'opportunity ' || o.id from selling_opportunity o
          join (select opportunity_id, sum(unit_minor * quantity * coalesce(months, 1)) as total, count(*) as n
                  from selling_line group by 1) l on l.opportunity_id = o.id
         where abs(o.minor - l.total) > l.n limit %s
        """,
    ),
    Check(
        8,
        "a deal with more than one primary lead, or with leads and none primary",
        "Revenue is credited through one primary lead, so none counts twice",
        """
        select 'opportunity ' || opportunity_id from selling_opportunitylead
         group by opportunity_id having count(*) filter (where is_primary) <> 1 limit %s
        """,
    ),
)
