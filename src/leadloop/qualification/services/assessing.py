"""Judging leads, a whole batch at once."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any

import orjson
from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.catalogue.queries import families
from leadloop.leads import services as leads
from leadloop.leads.contracts import Score
from leadloop.ledger.contracts import Actor
from leadloop.ledger.copying import copy
from leadloop.ledger.sql import columns, run
from leadloop.qualification.contracts import Assessed, Touch
from leadloop.qualification.queries import assessments, scorer
from leadloop.qualification.rules import Scorer, buying_stage, expected_value
from leadloop.qualification.services import gate
from leadloop.qualification.services.sheets import Known, Sheet, add, judge, sheet_of


def assess(touches: Sequence[Touch], *, terms: Terms, actor: Actor, now: datetime) -> dict[int, Assessed]:
    """Add the touches to their leads and judge each lead; by lead id. Touches of unknown leads are passed over.

    What a later touch doesn't speak of stands as it was; what was stated about readiness adds up. "Qualified" is what
    the agreement says of these figures. Raises Unavailable when no rules are in force. A constant number of queries.
    """
    if not touches:
        return {}
    with transaction.atomic():
        gate.enter()
        version, scoring = scorer()
        held = leads.lock({touch.lead_id for touch in touches})
        known = assessments(held)
        sheets = {lead_id: sheet_of(lead, known.get(lead_id)) for lead_id, lead in held.items()}
        for touch in sorted(touches, key=lambda one: one.at):
            if touch.lead_id in sheets:
                add(sheets[touch.lead_id], touch, scoring, now)
        answers: Known = {}
        for sheet in sheets.values():
            judge(sheet, scoring, terms, now, answers)
        leads.score(
            _scores(sheets.values(), scoring),
            rules_version=version,
            qualified={lead_id: sheet.qualified for lead_id, sheet in sheets.items()},
            actor=actor,
            now=now,
            agreement_version=terms.version,
        )
        _save(sheets.values(), known, version, now)
    return {lead_id: sheet.assessed() for lead_id, sheet in sheets.items()}


def _scores(sheets: Collection[Sheet], scoring: Scorer) -> list[Score]:
    by_interest = scoring.rules.deal_minor_by_interest
    keys = {row.id: row.key for row in families().values()} if by_interest else {}
    return [
        Score(
            lead_id=sheet.lead.id,
            fit=sheet.fit,
            grade=sheet.grade,
            engagement=sheet.engagement,
            readiness=len(sheet.stated),
            expected_value=expected_value(scoring.rules, sheet.grade, keys.get(sheet.lead.interest_id, "")),
            buying_stage=buying_stage(len(sheet.stated)),
        )
        for sheet in sheets
    ]


_ROW = (
    "lead_id", "fit", "fit_reasons", "readiness", "readiness_reasons", "engagement", "engagement_reasons", "qualified",
    "why", "disqualifier", "rules_version", "assessed_at",
)  # fmt: skip
_SAVE = """
update qualification_assessment s
   set fit = a.fit, fit_reasons = a.fit_reasons, readiness = a.readiness, readiness_reasons = a.readiness_reasons,
       engagement = a.engagement, engagement_reasons = a.engagement_reasons, qualified = a.qualified, why = a.why,
       disqualifier = a.disqualifier, rules_version = a.rules_version, assessed_at = a.assessed_at
  from unnest(%s::bigint[], %s::smallint[], %s::jsonb[], %s::smallint[], %s::jsonb[], %s::float8[], %s::jsonb[],
              %s::boolean[], %s::text[], %s::text[], %s::int[], %s::timestamptz[])
    as a (lead_id, fit, fit_reasons, readiness, readiness_reasons, engagement, engagement_reasons, qualified, why,
          disqualifier, rules_version, assessed_at)
 where s.lead_id = a.lead_id
"""


def _save(sheets: Collection[Sheet], known: Collection[int], version: int, now: datetime) -> None:
    """Write the first assessments of leads, and what has changed of the others, whose leads are locked."""
    copy("qualification_assessment", _ROW, (_row(one, version, now) for one in sheets if one.lead.id not in known))
    again = [_row(one, version, now) for one in sheets if one.lead.id in known]
    if again:
        run(_SAVE, columns(again))


def _row(sheet: Sheet, version: int, now: datetime) -> tuple[Any, ...]:
    return (
        sheet.lead.id,
        sheet.fit,
        orjson.dumps(sheet.fit_reasons).decode(),
        len(sheet.stated),
        orjson.dumps([reason.as_json() for reason in sheet.stated.values()]).decode(),
        sheet.engagement,
        orjson.dumps(sheet.touched).decode(),
        sheet.qualified,
        sheet.why,
        sheet.disqualifier,
        version,
        now,
    )
