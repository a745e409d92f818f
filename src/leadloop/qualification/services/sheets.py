"""What an assessment makes of one lead and its touches, before anything is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.criteria.rules import holds
from leadloop.kernel.decision import Reason
from leadloop.leads.contracts import LeadRow
from leadloop.leads.rules import grade
from leadloop.qualification import rules
from leadloop.qualification.contracts import Assessed, AssessmentRow, Touch
from leadloop.qualification.rules import Scorer

Known = dict[tuple[int, int, float | None], tuple[bool, str]]
NAMED_TOUCHES = 20  # how many of the last touches an explanation names


@dataclass
class Sheet:
    """What is known of one lead while its touches of this batch are added."""

    lead: LeadRow
    fit: int
    fit_reasons: list[dict[str, Any]]
    engagement: float | None
    touched: list[dict[str, Any]]
    stated: dict[str, Reason]
    disqualifier: str = ""
    qualified: bool = False
    why: str = ""

    @property
    def grade(self) -> str:
        """The letter of its fit."""
        return grade(self.fit)

    def assessed(self) -> Assessed:
        """The outcome as it crosses the door."""
        return Assessed(
            lead_id=self.lead.id,
            fit=self.fit,
            grade=self.grade,
            engagement=self.engagement,
            readiness=len(self.stated),
            qualified=self.qualified,
            disqualifier=self.disqualifier,
        )


def sheet_of(lead: LeadRow, before: AssessmentRow | None) -> Sheet:
    """Where the last assessment left off."""
    return Sheet(
        lead=lead,
        fit=before.fit if before else 0,
        fit_reasons=before.fit_reasons if before else [],
        engagement=lead.engagement,
        touched=before.engagement_reasons if before else [],
        stated={one["code"]: _reason(one) for one in before.readiness_reasons} if before else {},
    )


def add(sheet: Sheet, touch: Touch, scoring: Scorer, now: datetime) -> None:
    """Add one touch: what it tells of fit and readiness, and its weight."""
    before = {reason["code"] for reason in sheet.fit_reasons}
    fit = scoring.fit(touch.values, now, before)
    sheet.fit, sheet.fit_reasons, sheet.disqualifier = fit.outcome, fit.as_json(), scoring.disqualifier(fit)
    weight = scoring.weight(touch.weight_key)
    added = rules.touch_log(weight, touch.at, scoring.rules.half_life_days)
    sheet.engagement = rules.log_add(sheet.engagement, added)
    sheet.touched = [*sheet.touched[1 - NAMED_TOUCHES :], _touched(touch, weight)]
    sheet.stated = rules.stated(touch.answers, sheet.stated)


def judge(sheet: Sheet, scoring: Scorer, terms: Terms, now: datetime, known: Known) -> None:
    """Ask the agreement whether these figures make a qualified lead; what is ruled out never is one.

    `known` keeps the answers of one moment: leads that come together often have the same figures.
    """
    clause = terms.clauses.stages["qualified"].enters_when
    if clause is None:
        return
    key = sheet.fit, len(sheet.stated), sheet.engagement
    if key not in known:
        decision = holds(clause, _figures(sheet, scoring, now), now)
        known[key] = decision.outcome, "; ".join(reason.text for reason in decision.reasons)
    enters, sheet.why = known[key]
    sheet.qualified = enters and not sheet.disqualifier


def _figures(sheet: Sheet, scoring: Scorer, now: datetime) -> Mapping[str, Any]:
    return {
        "score.fit": sheet.fit,
        "score.readiness": len(sheet.stated),
        "score.engagement": rules.engagement_now(sheet.engagement, now, scoring.rules.half_life_days),
    }


def _touched(touch: Touch, weight: float) -> dict[str, Any]:
    reason = _said(touch.weight_key or "touch", touch.at.date(), weight).as_json()
    return {**reason, "inquiry_id": touch.inquiry_id} if touch.inquiry_id is not None else reason


@lru_cache(maxsize=1024)
def _said(code: str, day: date, weight: float) -> Reason:
    what = code.replace("-", " ").replace("_", " ").capitalize()
    return Reason(code, f"{what} on {day.isoformat()}", weight)


def _reason(plain: Mapping[str, Any]) -> Reason:
    return Reason(plain["code"], plain["text"], plain.get("weight"))
