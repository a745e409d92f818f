"""Rules are drafted, signed by those who lead, and in force from then on."""

from __future__ import annotations

from math import isclose

import pytest
from pydantic import ValidationError

from leadloop.agreement.contracts import Leadership, Terms
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows
from leadloop.leads.tests.world import SYSTEM, World
from leadloop.ledger.queries import events_with
from leadloop.qualification.contracts import FitRule, Rules, Touch
from leadloop.qualification.queries import assessment, rules_row, rules_rows, scorer
from leadloop.qualification.rules import engagement_now
from leadloop.qualification.services import assess, install, propose, sign_rules
from leadloop.qualification.standard import STANDARD


def led_by(office: World, leadership: Leadership) -> Terms:
    return office.terms.model_copy(
        update={"clauses": office.terms.clauses.model_copy(update={"leadership": leadership})}
    )


def sign(office: World, version: int, name: str, leadership: Leadership = "joint") -> bool:
    return sign_rules(version=version, terms=led_by(office, leadership), actor=office.by(name), now=office.now)


def changed(**more: object) -> Rules:
    return STANDARD.model_copy(update=more)


def test_where_both_lead_both_sign(office: World) -> None:
    install(rules=STANDARD, actor=SYSTEM, now=office.now)
    version = propose(rules=changed(base=30), actor=office.by("ines"), now=office.now)
    assert scorer()[0] == 1

    assert not sign(office, version, "grace")
    assert scorer()[0] == 1
    assert sign(office, version, "paul")

    in_force, made_ready = scorer()
    assert (in_force, made_ready.rules.base) == (2, 30)
    row = rules_row(2)
    assert row.signatures == {"head_of_sales": office.user("grace"), "head_of_marketing": office.user("paul")}
    assert (row.drafted_by, row.in_force_from) == (office.user("ines"), office.now)
    assert [one.version for one in rules_rows()] == [2, 1]


@pytest.mark.parametrize(("leadership", "signer"), [("sales", "grace"), ("marketing", "paul")])
def test_where_one_leads_one_signs(office: World, leadership: Leadership, signer: str) -> None:
    version = propose(rules=STANDARD, actor=office.by("ines"), now=office.now)
    assert sign(office, version, signer, leadership)


def test_nobody_else_signs(office: World) -> None:
    version = propose(rules=STANDARD, actor=office.by("ines"), now=office.now)
    for name in ("ines", "kim", "ada", "helen"):
        with pytest.raises(Forbidden, match="head of sales"):
            sign(office, version, name)
    with pytest.raises(Forbidden):
        sign(office, version, "paul", "sales")
    with pytest.raises(Forbidden):
        sign_rules(version=version, terms=office.terms, actor=SYSTEM, now=office.now)


def test_what_is_overtaken_can_not_be_signed(office: World) -> None:
    older = propose(rules=STANDARD, actor=office.by("ines"), now=office.now)
    newer = propose(rules=changed(base=10), actor=office.by("ines"), now=office.now)
    assert sign(office, newer, "grace", "sales")
    for version in (older, newer):
        with pytest.raises(Conflict):
            sign(office, version, "grace", "sales")
    with pytest.raises(NotFound):
        sign(office, 99, "grace", "sales")
    with pytest.raises(NotFound):
        rules_row(99)


def test_a_new_half_life_leaves_todays_engagement(office: World) -> None:
    install(rules=STANDARD, actor=SYSTEM, now=office.now)
    lead = office.lead_in(Stage.INQUIRY)
    touch = Touch(lead_id=lead.id, at=office.now, weight_key="demo")
    assess([touch], terms=office.terms, actor=SYSTEM, now=office.now)
    office.later(days=15)
    before = engagement_now(rows([lead.id])[lead.id].engagement, office.now, 30)

    version = propose(rules=changed(half_life_days=90.0), actor=office.by("ines"), now=office.now)
    sign(office, version, "grace", "sales")

    kept = rows([lead.id])[lead.id].engagement
    assert isclose(engagement_now(kept, office.now, 90), before, rel_tol=1e-9)
    why = assessment(lead.id)
    assert why is not None
    assert why.engagement == kept


def test_rules_that_can_not_be_asked_are_refused_by_name(office: World) -> None:
    unknown = FitRule(code="shoes", label="Big shoes", points=5, when={"facet": "touch.shoes", "op": "is_set"})
    with pytest.raises(Invalid, match="Big shoes") as refused:
        propose(rules=changed(fit=(unknown,)), actor=office.by("ines"), now=office.now)
    assert refused.value.field == "shoes.facet"
    twin = FitRule(code="base", label="Twice", points=5, when={"facet": "touch.title", "op": "is_set"})
    with pytest.raises(Invalid, match="code “base”"):
        install(rules=changed(fit=(twin,)), actor=SYSTEM, now=office.now)


@pytest.mark.parametrize("more", [{"half_life_days": 0}, {"touch_weights": {"demo": -1}}, {"colour": "blue"}])
def test_figures_out_of_bounds_are_no_rules(more: dict[str, object]) -> None:
    with pytest.raises(ValidationError):
        Rules.model_validate({**STANDARD.model_dump(), **more})


def test_drafting_and_signing_are_on_the_ledger(office: World) -> None:
    version = propose(rules=STANDARD, actor=office.by("ines"), now=office.now)
    sign(office, version, "grace", "sales")
    (drafted,) = events_with(kind="score_rules.drafted", name="version", values=[version])
    (signed,) = events_with(kind="score_rules.signed", name="version", values=[version])
    assert drafted.actor == f"user:{office.user('ines')}"
    assert signed.payload["signatures"] == {"head_of_sales": office.user("grace")}
