"""Named reads of the room."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from leadloop.kernel.errors import Unavailable
from leadloop.qualification.contracts import AssessmentRow, Rules
from leadloop.qualification.models import Assessment, ScoreRules
from leadloop.qualification.rules import Scorer

_FIELDS = (
    "lead_id",
    "rules_version",
    "fit",
    "fit_reasons",
    "readiness",
    "readiness_reasons",
    "engagement",
    "engagement_reasons",
    "qualified",
    "why",
    "assessed_at",
)


def assessments(lead_ids: Collection[int]) -> dict[int, AssessmentRow]:
    """The last assessment of each lead; leads that were never assessed are left out. One query."""
    rows = Assessment.objects.filter(lead_id__in=list(lead_ids)).values_list(*_FIELDS)
    return {row[0]: AssessmentRow(*row) for row in rows}


def assessment(lead_id: int) -> AssessmentRow | None:
    """The last assessment of one lead, None when there is none."""
    return assessments([lead_id]).get(lead_id)


def scorer() -> tuple[int, Scorer]:
    """The version of the rules in force, and the rules made ready. One query; Unavailable when there are none."""
    row = ScoreRules.objects.filter(in_force_from__isnull=False).order_by("-version").values_list("version").first()
    if row is None:
        raise Unavailable("No scoring rules are in force", field="scoring", mend="Sign scoring rules")
    return row[0], _ready(row[0])


@lru_cache(maxsize=4)
def _ready(version: int) -> Scorer:
    """Rules of a version never change, so they are read and made ready once per process."""
    return Scorer(Rules(**ScoreRules.objects.get(version=version).rules))
