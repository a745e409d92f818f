"""What `qualification` does with a touch: points, readiness, engagement, and whether the agreement says qualified."""

from __future__ import annotations

from typing import cast

from leadloop.capture.contracts import Parsed
from leadloop.kernel.decision import Reason
from leadloop.leads.contracts import LeadRow, Move, Stage
from leadloop.leads.rules import MoveFacts, may_move
from leadloop.ledger.contracts import by_system
from leadloop.loop.scoring import EARLY, touch_values
from leadloop.loop.simulator.house.core import House
from leadloop.loop.simulator.house.moving import move
from leadloop.loop.simulator.house.state import Assessment, Lead
from leadloop.qualification.contracts import Touch
from leadloop.qualification.rules import buying_stage, expected_value
from leadloop.qualification.services import sheets

INTAKE = by_system("intake")


def judge(house: House, lead: Lead, parsed: Parsed, stage: Stage) -> None:
    """Assess a lead by one more inquiry, and move it on when it has become qualified; `stage` is where it was met."""
    touch = Touch(
        lead_id=lead.id,
        inquiry_id=parsed.ref,
        at=parsed.happened_at,
        values=touch_values(parsed),
        weight_key="asset" if parsed.asset_id else parsed.portal.key,
        answers=parsed.answers,
    )
    scoring = house.around.scorer
    sheet = _sheet(lead)
    sheets.add(sheet, touch, scoring, house.now)
    sheets.judge(sheet, scoring, house.terms, house.now, {})
    _write(house, lead, sheet)
    if stage not in EARLY:
        return
    if sheet.qualified:
        move(house, lead, Move(lead_id=lead.id, to=Stage.QUALIFIED), actor=INTAKE)
    elif sheet.disqualifier:
        out = Move(lead_id=lead.id, to=Stage.DISQUALIFIED, reason=sheet.disqualifier)
        if may_move(MoveFacts(lead.stage), out, house.terms, house.now).outcome:
            move(house, lead, out, actor=INTAKE)


def _sheet(lead: Lead) -> sheets.Sheet:
    before = lead.assessment
    stated = before.stated if before else []
    return sheets.Sheet(
        lead=cast("LeadRow", lead),  # only its id is asked for
        fit=before.fit if before else 0,
        fit_reasons=before.fit_reasons if before else [],
        engagement=lead.engagement,
        touched=before.touched if before else [],
        stated={one["code"]: Reason(one["code"], one["text"], one.get("weight")) for one in stated},
    )


def _write(house: House, lead: Lead, sheet: sheets.Sheet) -> None:
    rules = house.around.scorer.rules
    interest = house.around.interests[lead.interest_id].key if rules.deal_minor_by_interest else ""
    lead.fit, lead.grade, lead.engagement, lead.readiness = sheet.fit, sheet.grade, sheet.engagement, len(sheet.stated)
    lead.expected_value = expected_value(rules, sheet.grade, interest)
    lead.buying_stage = buying_stage(len(sheet.stated))
    version = house.around.rules_version
    payload = {
        "fit": lead.fit,
        "grade": lead.grade,
        "engagement": lead.engagement,
        "readiness": lead.readiness,
        "qualified": sheet.qualified,
        "rules_version": version,
        "direct": lead.handover == "all_inquiries" and lead.stage is Stage.INQUIRY,
    }
    house.tell(
        "lead.scored",
        payload,
        lead=lead,
        person_id=lead.person.id,
        company_id=lead.company_id,
        programme_id=lead.programme_id,
        version=house.terms.version,
        actor=INTAKE,
    )
    lead.assessment = Assessment(
        fit=sheet.fit,
        fit_reasons=sheet.fit_reasons,
        engagement=sheet.engagement,
        touched=sheet.touched,
        stated=[reason.as_json() for reason in sheet.stated.values()],
        qualified=sheet.qualified,
        why=sheet.why,
        disqualifier=sheet.disqualifier,
        rules_version=version,
        at=house.now,
    )
