"""Leads are judged as their touches come in."""

from __future__ import annotations

from datetime import timedelta
from math import isclose
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Unavailable
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import SYSTEM, World, facts
from leadloop.qualification.contracts import Assessed, Rules, Touch
from leadloop.qualification.queries import assessment
from leadloop.qualification.rules import engagement_now
from leadloop.qualification.services import assess, install
from leadloop.qualification.standard import STANDARD, standard

GOOD = {"touch.title": "CEO", "touch.company": "Acme", "touch.business_mail": True, "touch.phone": True}


@pytest.fixture
def rules(office: World) -> Rules:
    install(rules=STANDARD, actor=SYSTEM, now=office.now)
    return STANDARD


def touch(office: World, lead_id: int, kind: str = "demo", **more: Any) -> Touch:
    return Touch(**{"lead_id": lead_id, "at": office.now, "weight_key": kind, "values": GOOD, **more})


def judge(office: World, *touches: Touch, terms: Terms | None = None) -> Assessed:
    (one,) = assess(touches, terms=terms or office.terms, actor=SYSTEM, now=office.now).values()
    return one


def test_a_decider_who_asks_for_a_demo_is_qualified_and_everything_says_why(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)

    found = judge(office, touch(office, lead.id, inquiry_id=7))

    assert (found.fit, found.grade, found.readiness, found.qualified) == (70, "B", 0, True)
    assert isclose(engagement_now(found.engagement, office.now, 30), 30)
    why = assessment(lead.id)
    assert why is not None
    assert sum(reason["weight"] for reason in why.fit_reasons) == found.fit
    assert why.engagement_reasons == [
        {"code": "demo", "text": "Demo on 2026-03-02", "weight": 30, "inquiry_id": 7},
    ]
    assert (why.rules_version, why.qualified, why.disqualifier) == (1, True, "")
    assert "Engagement" in why.why or "engagement" in why.why


def test_the_headline_and_the_ledger_carry_the_figures(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    found = judge(office, touch(office, lead.id, answers={"budget": "50k"}))

    row = rows([lead.id])[lead.id]
    assert (row.fit, row.grade, row.engagement, row.readiness) == (70, "B", found.engagement, 1)
    assert (row.expected_value, row.buying_stage) == (round(STANDARD.deal_minor * 0.1), "considering")
    ((_, told),) = facts(lead.id, "lead.scored")
    assert (told["fit"], told["qualified"], told["rules_version"], told["version"]) == (70, True, 1, 1)


def test_a_brochure_alone_qualifies_nobody_but_three_answers_do(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    assert not judge(office, touch(office, lead.id, "brochure")).qualified
    answers = {"budget": "yes", "timing": "May"}
    assert judge(office, touch(office, lead.id, "brochure", answers=answers)).qualified


def test_touches_add_up_and_fade(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    judge(office, touch(office, lead.id))
    office.later(days=30)
    found = judge(office, touch(office, lead.id))
    assert isclose(engagement_now(found.engagement, office.now, 30), 45)
    office.later(days=60)
    assert not judge(office, touch(office, lead.id, "visit", values={})).qualified  # 45 faded to 11


def test_touches_that_arrive_out_of_order_count_the_same(office: World, rules: Rules) -> None:
    first, second = office.lead_in(Stage.INQUIRY), office.lead_in(Stage.INQUIRY)
    days = [office.now - timedelta(days=day) for day in (5, 90, 30)]
    for at in days:
        judge(office, touch(office, first.id, at=at))
    judge(office, *(touch(office, second.id, at=at) for at in reversed(days)))
    one, other = rows([first.id, second.id]).values()
    assert isclose(one.engagement or 0, other.engagement or 0, abs_tol=1e-9)


def test_a_later_touch_with_fewer_details_takes_nothing_away(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    judge(office, touch(office, lead.id, answers={"budget": "50k"}))
    found = judge(office, touch(office, lead.id, "visit", values={}))
    assert (found.fit, found.readiness) == (70, 1)


def test_a_student_is_ruled_out_however_engaged(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    answers = dict.fromkeys(("budget", "authority", "need", "timing"), "yes")
    student = {**GOOD, "touch.title": "Student"}
    found = judge(office, touch(office, lead.id, values=student, answers=answers))
    assert (found.fit, found.grade, found.qualified, found.disqualifier) == (0, "D", False, "not_a_fit")
    why = assessment(lead.id)
    assert why is not None
    assert why.disqualifier == "not_a_fit"
    assert why.fit_reasons[-1]["text"] == "Student or intern"


def test_an_agreement_without_the_condition_qualifies_nobody_by_rule(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    stages = {**office.terms.clauses.stages}
    stages["qualified"] = stages["qualified"].model_copy(update={"enters_when": None})
    terms = office.terms.model_copy(update={"clauses": office.terms.clauses.model_copy(update={"stages": stages})})
    assert not judge(office, touch(office, lead.id), terms=terms).qualified


def test_an_interest_has_its_own_worth(office: World) -> None:
    rules = standard().model_copy(update={"deal_minor_by_interest": {"pumps": 5_000_000}})
    install(rules=rules, actor=SYSTEM, now=office.now)
    (dana,) = office.people(1)
    general, pumps = office.raise_hand(dana).lead_id, office.raise_hand(dana, "pumps").lead_id
    touches = [touch(office, one) for one in (general, pumps)]
    assess(touches, terms=office.terms, actor=SYSTEM, now=office.now)
    worth = {lead_id: row.expected_value for lead_id, row in rows([general, pumps]).items()}
    assert worth == {general: 100_000, pumps: 500_000}


def test_an_explanation_names_the_last_touches_only(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    assess([touch(office, lead.id, "visit") for _ in range(30)], terms=office.terms, actor=SYSTEM, now=office.now)
    why = assessment(lead.id)
    assert why is not None
    assert len(why.engagement_reasons) == 20
    assert isclose(engagement_now(why.engagement, office.now, 30), 30)  # all of them count


def test_who_is_not_there_is_passed_over(office: World, rules: Rules) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    touches = [touch(office, lead.id), touch(office, 999_999_999)]
    assert list(assess(touches, terms=office.terms, actor=SYSTEM, now=office.now)) == [lead.id]
    assert assess([touch(office, 999_999_999)], terms=office.terms, actor=SYSTEM, now=office.now) == {}
    assert assess([], terms=office.terms, actor=SYSTEM, now=office.now) == {}
    assert assessment(999_999_999) is None


def test_without_rules_nobody_is_judged(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    with pytest.raises(Unavailable, match="No scoring rules"):
        judge(office, touch(office, lead.id))


@pytest.mark.parametrize("number", [1, 500])
def test_assessing_costs_the_same_number_of_queries_for_any_number(office: World, rules: Rules, number: int) -> None:
    leads = office.leads_in(Stage.INQUIRY, ["kim"] * number)
    touches = [touch(office, one.id, answers={"budget": "yes"}) for one in leads for _ in range(2)]
    with CaptureQueriesContext(connection) as judging:
        assess(touches, terms=office.terms, actor=SYSTEM, now=office.now)
    transactions = 4
    # gate, rules, leads, last assessments, headlines, facts, assessments
    assert len(judging) - transactions == 7
