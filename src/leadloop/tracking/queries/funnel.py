"""From inquiry to won: leads of a cohort by the furthest stage they ever entered."""

from __future__ import annotations

from leadloop.tracking.contracts import FunnelStep, Period
from leadloop.tracking.measures import REACHED, STEPS
from leadloop.tracking.queries.reading import fetch, given


def funnel(period: Period) -> list[FunnelStep]:
    """Steps of the funnel for leads opened in the period, as they stand now. One query.

    A lead that skipped a stage counts as having come past it, so steps never grow.
    """
    by_rank = dict(fetch(f"select rank, count(*) from ({REACHED}) r group by 1", given(period)))
    steps: list[FunnelStep] = []
    for key, label, stage, rank in STEPS:
        leads = sum(count for reached, count in by_rank.items() if reached >= rank)
        before = steps[-1].leads if steps else 0
        everything = steps[0].leads if steps else leads
        steps.append(FunnelStep(f"funnel.{key}", label, stage, leads, _share(leads, before), _share(leads, everything)))
    return steps


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None
