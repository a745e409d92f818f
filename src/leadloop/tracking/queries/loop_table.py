"""The loop: each part with its keeper, its promise, how it stands, and the money that leaks there today."""

from __future__ import annotations

from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.tracking.contracts import Period, Standing
from leadloop.tracking.measures import PARTS, REACHED
from leadloop.tracking.queries.reading import fetch, given

_OPEN = """
select stage, count(*), count(*) filter (where due_at < %(now)s),
       coalesce(sum(expected_value) filter (where due_at < %(now)s), 0)
  from leads_facet_lead where is_open group by 1
"""
_PROMISES = """
select kind, count(*) filter (where state = 'kept' and not is_broken), count(*) filter (where is_broken)
  from leads_facet_promise where due_at >= %(start)s and due_at < %(end)s group by 1
"""
_OUT_OF = {"qualification": (0, 1), "nurturing": (0, 1), "distribution": (1, 3), "selling": (3, 6)}


def loop_table(period: Period, *, terms: Terms, now: datetime) -> list[Standing]:
    """The parts of the loop in order. Leads and leaks as of `now`, promises and conversion of the period.

    Leaking money is the expected value of the leads whose next step is late. Three queries.
    """
    params = given(period, now=now)
    standing = {stage: rest for stage, *rest in fetch(_OPEN, params)}
    promises = {kind: rest for kind, *rest in fetch(_PROMISES, params)}
    ranks = dict(fetch(f"select rank, count(*) from ({REACHED}) r group by 1", params))
    rows = []
    for key, label, stages, promise in PARTS:
        here = [standing.get(stage, [0, 0, 0]) for stage in stages]
        kept, broken = promises.get(promise, [0, 0])
        came, went = (sum(n for rank, n in ranks.items() if rank >= edge) for edge in _OUT_OF[key])
        rows.append(
            Standing(
                key=key,
                label=label,
                keeper_id=terms.keeper(stages[-1]),
                stages=stages,
                promise=promise,
                kept=kept,
                broken=broken,
                open_leads=sum(row[0] for row in here),
                late_leads=sum(row[1] for row in here),
                leaking=int(sum(row[2] for row in here)),
                converted=went / came if came else None,
            )
        )
    return rows
