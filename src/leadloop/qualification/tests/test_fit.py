"""How well a lead fits, and why."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.decision import Decision
from leadloop.qualification.contracts import Rules
from leadloop.qualification.rules import Scorer, Titles, buying_stage, expected_value, facets_named
from leadloop.qualification.standard import STANDARD, TITLES, standard

NOW = datetime(2026, 3, 2, tzinfo=UTC)
SCORER = Scorer(standard(home=("DE", "AT"), competitors=("rival.example",)))

IDEAL = {
    "touch.title": "Head of Operations",
    "touch.company": "Acme",
    "touch.business_mail": True,
    "touch.free_mail": False,
    "touch.phone": True,
    "touch.employees": 500,
    "touch.industry": "Machinery",
    "touch.country": "DE",
}
FLAGS = ("business_mail", "free_mail", "disposable", "phone")
values = st.fixed_dictionaries(
    {},
    optional={
        "touch.title": st.sampled_from(["", "CEO", "Student", "Buyer", "Assistant to the CEO", "Poet", None]),
        "touch.company": st.sampled_from(["", "Acme", None]),
        "touch.employees": st.none() | st.integers(0, 100_000),
        "touch.country": st.sampled_from(["", "DE", "US", None]),
        "touch.domain": st.sampled_from(["", "acme.example", "rival.example", None]),
        **{
            f"touch.{name}": st.none() | st.booleans() for name in ("business_mail", "free_mail", "disposable", "phone")
        },
    },
)


def codes(fit: Decision[int]) -> list[str]:
    return [reason.code for reason in fit.reasons]


def test_a_decider_of_a_firm_at_home_fits_best() -> None:
    fit = SCORER.fit(IDEAL, NOW)
    assert fit.outcome == 97
    assert codes(fit) == [
        "base",
        "decides",
        "firm_named",
        "business_mail",
        "phone",
        "medium",
        "industry",
        "home_market",
    ]
    assert [reason.weight for reason in fit.reasons] == [20, 25, 10, 10, 5, 12, 5, 10]


def test_nothing_known_is_only_the_base() -> None:
    assert SCORER.fit({}, NOW).outcome == STANDARD.base
    assert codes(SCORER.fit({}, NOW)) == ["base"]


def test_a_student_and_a_competitor_are_ruled_out_whatever_else_speaks_for_them() -> None:
    for more, code in (({"touch.title": "Studentin"}, "not_a_fit"), ({"touch.domain": "rival.example"}, "competitor")):
        fit = SCORER.fit({**IDEAL, **more}, NOW)
        assert fit.outcome == 0
        assert SCORER.disqualifier(fit) == code
        assert sum(reason.weight or 0 for reason in fit.reasons) == 0
    assert SCORER.disqualifier(SCORER.fit(IDEAL, NOW)) == ""


def test_what_is_not_said_now_is_not_unsaid() -> None:
    before = codes(SCORER.fit(IDEAL, NOW))
    poorer = {"touch.title": "", "touch.company": None, "touch.phone": False, "touch.business_mail": True}
    again = SCORER.fit(poorer, NOW, before)
    assert codes(again) == before


def test_what_is_said_otherwise_counts() -> None:
    before = codes(SCORER.fit(IDEAL, NOW))
    other = {"touch.title": "Gardener", "touch.employees": 5000, "touch.country": "US"}
    after = codes(SCORER.fit(other, NOW, before))
    assert "decides" not in after
    assert "home_market" not in after
    assert "medium" not in after
    assert "large" in after
    assert "firm_named" in after  # nothing was said about it


def test_points_against_somebody_go_when_the_contrary_is_known() -> None:
    private = codes(SCORER.fit({"touch.free_mail": True}, NOW))
    assert "free_mail" in private
    assert "free_mail" in codes(SCORER.fit({}, NOW, private))
    assert "free_mail" not in codes(SCORER.fit({"touch.free_mail": False}, NOW, private))


@given(values, values)
def test_fit_is_its_reasons_added_up_and_stays_in_bounds(first: dict[str, Any], second: dict[str, Any]) -> None:
    before = SCORER.fit(first, NOW)
    fit = SCORER.fit(second, NOW, codes(before))
    assert fit.outcome == max(0, min(100, sum(reason.weight or 0 for reason in fit.reasons)))
    assert len(set(codes(fit))) == len(fit.reasons)


@given(values)
def test_telling_the_same_again_changes_nothing(told: dict[str, Any]) -> None:
    once = SCORER.fit(told, NOW)
    assert SCORER.fit(told, NOW, codes(once)) == once


@given(st.lists(values, max_size=8))
def test_what_is_remembered_of_values_changes_no_answer(many: list[dict[str, Any]]) -> None:
    forgetful = Scorer(SCORER.rules)
    for told in many:
        forgetful._known.clear()
        assert SCORER.fit(told, NOW) == forgetful.fit(told, NOW)


@pytest.mark.parametrize(
    ("title", "place"),
    [
        ("CEO", "decides"),
        ("Chief Technology Officer", "decides"),
        ("VP, Sales", "decides"),
        ("Head of Purchasing", "decides"),
        ("Geschäftsführerin", "decides"),
        ("GESCHÄFTSFÜHRENDER GESELLSCHAFTER", "decides"),
        ("Einkaufsleiter", "decides"),
        ("Leiterin Einkauf", "decides"),
        ("Directrice générale", "decides"),
        ("Gérant", "decides"),
        ("Director de Compras", "decides"),
        ("Gerente general", "decides"),
        ("Amministratore delegato", "decides"),
        ("Hoofd inkoop", "decides"),
        ("Prezes zarządu", "decides"),
        ("Purchasing Manager", "influences"),
        ("Project Coordinator", "influences"),
        ("Einkäuferin", "influences"),
        ("Vertriebsingenieur", "influences"),
        ("Acheteuse", "influences"),
        ("Ingeniero de planta", "influences"),
        ("Assistant to the CEO", "assists"),
        ("Sekretärin der Geschäftsführung", "assists"),
        ("Student", "learns"),
        ("Werkstudentin Marketing", "learns"),
        ("Praktikantin", "learns"),
        ("Étudiante", "learns"),
        ("Marketing Intern", "learns"),
        ("Head of International Sales", "decides"),  # no intern
        ("Internal Auditor", ""),
        ("Contractor", ""),  # no CTO
        ("Social Media", ""),  # no CIO
        ("Gardener", ""),
        ("", ""),
    ],
)
def test_titles_in_many_languages(title: str, place: str) -> None:
    assert Titles(TITLES).place(title) == place


@given(st.text(max_size=60))
def test_any_title_has_a_place_or_none(title: str) -> None:
    assert Titles(TITLES).place(title) in {*TITLES, ""}


def test_what_a_condition_speaks_of() -> None:
    leaf = {"facet": "touch.title", "op": "=", "value": "touch.no"}
    assert facets_named({"all": [leaf, {"none": [{"facet": "touch.country", "op": "is_set"}]}]}) == {
        "touch.title",
        "touch.country",
    }


def test_what_a_lead_is_worth() -> None:
    rules = Rules(
        fit=(),
        touch_weights={},
        win_percent={"A": 20, "C": 2.5},
        deal_minor=1000,
        deal_minor_by_interest={"pumps": 9000},
    )
    assert expected_value(rules, "A", "general") == 200
    assert expected_value(rules, "A", "pumps") == 1800
    assert expected_value(rules, "C", "general") == 25
    assert expected_value(rules, "D", "pumps") == 0


def test_how_far_the_buyer_is() -> None:
    assert [buying_stage(known) for known in range(5)] == [
        "aware",
        "considering",
        "considering",
        "deciding",
        "deciding",
    ]
