"""What decisions on a journey may ask of a lead."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

# Named like the facets of other rooms, so that a condition means the same here as in a list.
SUPPLIED: frozenset[str] = frozenset(
    {
        "score.fit",
        "score.engagement",
        "score.readiness",
        *(
            f"lead.{name}"
            for name in (
                "stage",
                "stage_since",
                "owner_id",
                "team_id",
                "company_id",
                "interest_id",
                "programme_id",
                "source_id",
                "handover",
                "grade",
                "fit",
                "readiness",
                "propensity",
                "expected_value",
                "buying_stage",
                "last_touch_at",
                "touches",
                "recycled",
                "opened_at",
            )
        ),
        *(f"person.{name}" for name in ("title", "buying_role", "country", "city", "language", "zone")),
        *(f"company.{name}" for name in ("domain", "industry", "employees", "country", "city")),
    }
)

DAY = 86_400  # seconds
_MOST = 1e15  # beyond it a figure says nothing any more
_LEAST_EXPONENT = -60.0


def engagement_now(logarithm: float | None, now: datetime, half_life_days: float) -> float:
    """Today's engagement from the stored base-2 logarithm S: 2^(S − t/h), t and h in seconds. 0 for None.

    Forward decay, see `architecture`.
    """
    if logarithm is None:
        return 0.0
    exponent = logarithm - now.timestamp() / (half_life_days * DAY)
    if exponent < _LEAST_EXPONENT:
        return 0.0
    return _MOST if exponent > 49 else min(_MOST, 2.0**exponent)


def unsupplied(condition: Any) -> list[str]:
    """The facets a condition asks for that no journey knows, sorted. Whether it can be read is asked elsewhere."""
    return sorted(set(_facets(condition)) - SUPPLIED)


def _facets(condition: Any) -> Iterator[str]:
    if isinstance(condition, dict):
        if isinstance(condition.get("facet"), str):
            yield condition["facet"]
        for inner in condition.values():
            if isinstance(inner, list):
                for one in inner:
                    yield from _facets(one)
