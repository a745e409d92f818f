"""The figures on the headline."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.leads.contracts import Score, Stage
from leadloop.leads.services import rebase_engagement, score, touch
from leadloop.leads.tests.world import DAY, SYSTEM, World, facts, row


def written(office: World, *scores: Score, qualified: bool = False) -> list[int]:
    return score(
        scores,
        rules_version=3,
        qualified={one.lead_id: qualified for one in scores},
        actor=SYSTEM,
        now=office.now,
        agreement_version=1,
    )


def test_figures_are_written_and_told_once(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    figures = Score(
        lead_id=lead.id,
        fit=70,
        grade="B",
        engagement=680.5,
        readiness=2,
        expected_value=12_00,
        buying_stage="considering",
    )

    assert written(office, figures, qualified=True) == [lead.id]
    assert written(office, figures, qualified=True) == []

    again = row(lead.id)
    assert (again.fit, again.grade, again.engagement, again.readiness) == (70, "B", 680.5, 2)
    assert (again.expected_value, again.buying_stage, again.propensity) == (12_00, "considering", None)
    ((_, told),) = facts(lead.id, "lead.scored")
    assert (told["fit"], told["grade"], told["engagement"], told["qualified"]) == (70, "B", 680.5, True)
    assert (told["rules_version"], told["version"]) == (3, 1)


def test_it_is_told_whether_the_lead_goes_to_sales_whatever_its_figures(office: World) -> None:
    (dana,) = office.people(1)
    direct = office.raise_hand(dana, handover="all_inquiries").lead_id
    judged, handed = office.lead_in(Stage.INQUIRY).id, office.lead_in(Stage.ASSIGNED).id
    written(office, *(Score(lead_id=lead_id, fit=70, grade="B") for lead_id in (direct, judged, handed)))
    told = {lead_id: facts(lead_id, "lead.scored")[0][1]["direct"] for lead_id in (direct, judged, handed)}
    assert told == {direct: True, judged: False, handed: False}


def test_a_figure_that_is_not_given_stays(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    written(office, Score(lead_id=lead.id, fit=70, grade="B"))
    written(office, Score(lead_id=lead.id, readiness=4))
    assert (row(lead.id).fit, row(lead.id).readiness) == (70, 4)


def test_touches_are_counted_and_the_latest_stands(office: World) -> None:
    lead, other = office.lead_in(Stage.INQUIRY), office.lead_in(Stage.INQUIRY)
    touch([lead.id, other.id, lead.id], at=office.now + DAY)
    touch([lead.id], at=office.now - DAY)
    assert (row(lead.id).touches, row(lead.id).last_touch_at) == (4, office.now + DAY)
    assert row(other.id).touches == 2


def test_a_new_half_life_moves_every_engagement_by_the_same(office: World) -> None:
    engaged, never = office.lead_in(Stage.INQUIRY), office.lead_in(Stage.INQUIRY)
    written(office, Score(lead_id=engaged.id, engagement=680.5))
    assert rebase_engagement(-80.25) == 1
    assert (row(engaged.id).engagement, row(never.id).engagement) == (600.25, None)


@pytest.mark.parametrize("number", [1, 200])
def test_scoring_costs_two_queries_for_any_number(office: World, number: int) -> None:
    leads = office.leads_in(Stage.INQUIRY, ["kim"] * number)
    with CaptureQueriesContext(connection) as scoring:
        written(office, *(Score(lead_id=one.id, fit=50, grade="C") for one in leads))
    transaction = 2
    assert len(scoring) - transaction == 2
