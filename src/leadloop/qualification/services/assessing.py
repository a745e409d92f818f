"""Judging leads, a whole batch at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import orjson
from django.db import connection, transaction

from leadloop.agreement.contracts import Terms
from leadloop.criteria.rules import holds
from leadloop.kernel.decision import Reason
from leadloop.leads import services as leads
from leadloop.leads.contracts import LeadRow, Score
from leadloop.leads.rules import grade
from leadloop.ledger.contracts import Actor
from leadloop.qualification import rules as pure
from leadloop.qualification.contracts import Assessed, AssessmentRow, Touch
from leadloop.qualification.queries import assessments, scorer
from leadloop.qualification.rules import Scorer


@dataclass
class _Sheet:
    """What is known of one lead while its touches of this batch are added."""

    lead: LeadRow
    fit: int
    fit_reasons: list[dict[str, Any]]
    engagement: float | None
    touched: list[dict[str, Any]]
    stated: dict[str, dict[str, Any]] = field(default_factory=dict)
    qualified: bool = False
    why: str = ""


def assess(touches: Sequence[Touch], *, terms: Terms, actor: Actor, now: datetime) -> dict[int, Assessed]:
    """Add the touches to their leads and judge each lead; by lead id.

    Fit is that of the touch that told most: a later inquiry with fewer details does not lower it. What was stated
    about readiness adds up. "Qualified" is what the agreement in force says of these figures. A constant number of
    queries.
    """
    if not touches:
        return {}
    with transaction.atomic():
        version, scoring = scorer()
        held = leads.lock({touch.lead_id for touch in touches})
        sheets = _sheets(held, assessments(held))
        for touch in sorted(touches, key=lambda one: (one.at, one.inquiry_id)):
            _add(sheets[touch.lead_id], touch, scoring, now)
        for sheet in sheets.values():
            _judge(sheet, scoring, terms, now)
        _score(sheets, version, scoring, terms, actor, now)
        _save(sheets, version, now)
        return {lead_id: _assessed(sheet) for lead_id, sheet in sheets.items()}


def _sheets(held: Mapping[int, LeadRow], known: Mapping[int, AssessmentRow]) -> dict[int, _Sheet]:
    sheets = {}
    for lead_id, lead in held.items():
        before = known.get(lead_id)
        sheets[lead_id] = _Sheet(
            lead=lead,
            fit=before.fit if before else -1,
            fit_reasons=before.fit_reasons if before else [],
            engagement=lead.engagement,
            touched=before.engagement_reasons if before else [],
            stated={reason["code"]: reason for reason in before.readiness_reasons} if before else {},
        )
    return sheets


KEPT_TOUCHES = 20  # how many of the last touches an explanation names


def _add(sheet: _Sheet, touch: Touch, scoring: Scorer, now: datetime) -> None:
    fits = scoring.fit(touch.values, now)
    if fits.outcome > sheet.fit:
        sheet.fit, sheet.fit_reasons = fits.outcome, fits.as_json()
    weight = scoring.rules.touch_weights.get(touch.weight_key, scoring.rules.touch_default)
    sheet.engagement = pure.log_add(sheet.engagement, pure.touch_log(weight, touch.at, scoring.rules.half_life_days))
    reason = Reason(touch.weight_key or "touch", f"inquiry:{touch.inquiry_id} on {touch.at:%Y-%m-%d}", weight)
    sheet.touched = [*sheet.touched[1 - KEPT_TOUCHES :], reason.as_json()]
    for said in pure.readiness(touch.answers).as_json():
        sheet.stated[said["code"]] = said


def _judge(sheet: _Sheet, scoring: Scorer, terms: Terms, now: datetime) -> None:
    clause = terms.clauses.stages["qualified"].enters_when
    if clause is None:
        return
    values = {
        "score.fit": sheet.fit,
        "score.readiness": len(sheet.stated),
        "score.engagement": pure.engagement_now(sheet.engagement, now, scoring.rules.half_life_days),
    }
    decision = holds(clause, values, now)
    sheet.qualified = decision.outcome
    sheet.why = "; ".join(reason.text for reason in decision.reasons)


def _score(
    sheets: Mapping[int, _Sheet], version: int, scoring: Scorer, terms: Terms, actor: Actor, now: datetime
) -> None:
    figures = []
    for lead_id, sheet in sheets.items():
        letter = grade(sheet.fit)
        figures.append(
            Score(
                lead_id=lead_id,
                fit=sheet.fit,
                grade=letter,
                engagement=sheet.engagement,
                readiness=len(sheet.stated),
                expected_value=pure.expected_value(scoring.rules, letter),
                buying_stage=pure.buying_stage(len(sheet.stated)),
            )
        )
    qualified = {lead_id: sheet.qualified for lead_id, sheet in sheets.items()}
    leads.score(
        figures, rules_version=version, qualified=qualified, actor=actor, now=now, agreement_version=terms.version
    )


_SAVE = """
insert into qualification_assessment
  (lead_id, rules_version, fit, fit_reasons, readiness, readiness_reasons, engagement, engagement_reasons, qualified,
   why, assessed_at)
select lead_id, %s, fit, fit_reasons::jsonb, readiness, readiness_reasons::jsonb, engagement,
       engagement_reasons::jsonb, qualified, why, %s
  from unnest(%s::bigint[], %s::smallint[], %s::text[], %s::smallint[], %s::text[], %s::float8[], %s::text[],
              %s::boolean[], %s::text[])
    as a (lead_id, fit, fit_reasons, readiness, readiness_reasons, engagement, engagement_reasons, qualified, why)
    on conflict (lead_id) do update set
       rules_version = excluded.rules_version, fit = excluded.fit, fit_reasons = excluded.fit_reasons,
       readiness = excluded.readiness, readiness_reasons = excluded.readiness_reasons,
       engagement = excluded.engagement, engagement_reasons = excluded.engagement_reasons,
       qualified = excluded.qualified, why = excluded.why, assessed_at = excluded.assessed_at
"""


def _save(sheets: Mapping[int, _Sheet], version: int, now: datetime) -> None:
    rows = [
        (
            lead_id,
            sheet.fit,
            orjson.dumps(sheet.fit_reasons).decode(),
            len(sheet.stated),
            orjson.dumps(list(sheet.stated.values())).decode(),
            sheet.engagement,
            orjson.dumps(sheet.touched).decode(),
            sheet.qualified,
            sheet.why,
        )
        for lead_id, sheet in sorted(sheets.items())
    ]
    with connection.cursor() as cursor:
        cursor.execute(_SAVE, [version, now, *(list(column) for column in zip(*rows, strict=True))])


def _assessed(sheet: _Sheet) -> Assessed:
    return Assessed(sheet.lead.id, sheet.fit, grade(sheet.fit), sheet.engagement, len(sheet.stated), sheet.qualified)
