"""Named reads of the room."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache

from leadloop.kernel.errors import NotFound, Unavailable
from leadloop.ledger.reads import Read, ask
from leadloop.ledger.sql import fetch
from leadloop.qualification.contracts import AssessmentRow, Rules, RulesRow
from leadloop.qualification.models import ScoreRules
from leadloop.qualification.rules import Scorer

_ASSESSMENTS = """
select lead_id, rules_version, fit, fit_reasons, readiness, readiness_reasons, engagement, engagement_reasons,
       qualified, why, assessed_at, disqualifier
  from qualification_assessment where lead_id = any(%s::bigint[])
"""


def assessments(lead_ids: Collection[int]) -> dict[int, AssessmentRow]:
    """The last assessment of each lead; leads that were never assessed are left out. One query."""
    return ask(assessments_read(lead_ids))


def assessments_read(lead_ids: Collection[int]) -> Read[dict[int, AssessmentRow]]:
    """What `assessments` asks, to be asked together with others."""
    return Read(_ASSESSMENTS, [list(lead_ids)], lambda rows: {row[0]: AssessmentRow(*row) for row in rows})


def assessment(lead_id: int) -> AssessmentRow | None:
    """The last assessment of one lead, None when there is none. One query."""
    return assessments([lead_id]).get(lead_id)


def scorer() -> tuple[int, Scorer]:
    """The version of the rules in force, and the rules made ready. One query; Unavailable when there are none."""
    found = fetch(
        """
        select version, rules::text from qualification_scorerules
         where in_force_from is not null order by version desc limit 1
        """
    )
    if not found:
        raise Unavailable("No scoring rules are in force", field="scoring", mend="Sign scoring rules")
    version, rules = found[0]
    return version, _ready(rules)


def rules_rows() -> list[RulesRow]:
    """All versions and drafts, the newest first. One query."""
    return [_row(found) for found in ScoreRules.objects.order_by("-version")]


def rules_row(version: int) -> RulesRow:
    """One version or draft; raises NotFound. One query."""
    found = ScoreRules.objects.filter(version=version).first()
    if found is None:
        raise NotFound("there are no scoring rules of this version", field="version")
    return _row(found)


def _row(found: ScoreRules) -> RulesRow:
    return RulesRow(
        version=found.version,
        rules=Rules.model_validate(found.rules),
        drafted_by=found.drafted_by_id,
        drafted_at=found.drafted_at,
        signatures=found.signatures,
        in_force_from=found.in_force_from,
    )


@lru_cache(maxsize=4)
def _ready(rules: str) -> Scorer:
    """What was found out about values is kept as long as the rules are the same."""
    return Scorer(Rules.model_validate_json(rules))
