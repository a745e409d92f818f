"""What those ask who come with somebody found, and with facts about firms from elsewhere."""

from __future__ import annotations

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.ledger.sql import fetch
from leadloop.people.queries import buying_roles, companies, company_told_last, namesakes, next_companies
from leadloop.people.services import change_company, hold_companies, lock, merge_rows, set_company_fields
from leadloop.people.tests.world import ME, NOW, firm, known

pytestmark = pytest.mark.django_db


def test_namesakes_are_found_whatever_case_and_accents_and_by_the_whole_name() -> None:
    dana, bo = known("Dana", "Ruíz", emails=("d@acme.example",)), known("Bo", "100%_Lind")
    known("Dana", "Ruizmann")
    known("Dana")
    second = known("DANA", "RUIZ")
    assert namesakes(["dana ruiz", "Bo 100%_lind", "Nobody", " ", "Bo 1000_lind"]) == {
        "dana ruiz": [second, dana],
        "Bo 100%_lind": [bo],
    }
    assert namesakes(["Dana Ruiz"], limit=1) == {"Dana Ruiz": [second]}
    assert namesakes([]) == {}


def test_roles_are_those_of_the_main_position_and_of_the_survivor() -> None:
    acme = firm("Acme")
    dana = known("Dana", buying_role="decision_maker", company_id=acme)
    old, bare = known("Dana", buying_role="user", company_id=acme), known("Bo")
    lock([dana, old])
    merge_rows(dana, old)
    assert buying_roles([dana, old, bare, 0]) == {
        dana: "decision_maker",
        old: "decision_maker",
        bare: "unknown",
    }
    assert buying_roles([]) == {}


def test_fields_of_firms_are_set_in_a_constant_number_of_queries_and_told() -> None:
    firms = [firm(f"Firm {n}") for n in range(30)]

    def counted(some: list[int]) -> int:
        wanted = {one: {"employees": 5, "attributes.revenue": "4 M"} for one in some}
        with CaptureQueriesContext(connection) as told:
            hold_companies(some)
            changed = set_company_fields(wanted, actor=ME, now=NOW, source="enrichment")
        assert changed == {one: ["attributes.revenue", "employees"] for one in some}
        return len(told.captured_queries)

    assert counted(firms[:1]) == counted(firms[1:])
    assert (companies(firms)[firms[0]].employees, companies(firms)[firms[9]].attributes) == (5, {"revenue": "4 M"})
    assert set_company_fields({firms[0]: {"employees": 5}}, actor=ME, now=NOW, source="enrichment") == {}
    set_company_fields({firms[0]: {"attributes.revenue": None}}, actor=ME, now=NOW, source="enrichment")
    assert companies([firms[0]])[firms[0]].attributes == {}
    with pytest.raises(Invalid, match="number of people"):
        set_company_fields({firms[0]: {"employees": -1}}, actor=ME, now=NOW, source="enrichment")
    assert company_told_last([firms[0]]) == {(firms[0], "employees"): NOW, (firms[0], "attributes.revenue"): NOW}
    history = fetch("select field, old, new from people_fieldhistory where subject_id = %s order by id", [firms[0]])
    assert ("attributes.revenue", "4 M", "") in history


def test_firms_are_gone_through_in_order_and_held_with_their_own_fields() -> None:
    one, two = firm("One"), firm("Two")
    change_company(company_id=two, changes={"attributes.tier": "gold"}, actor=ME, now=NOW)
    assert next_companies(one - 1, 1) == [one]
    assert next_companies(one, 5) == [two]
    assert next_companies(two, 5) == []
    assert hold_companies({two, one})[two]["attributes.tier"] == "gold"
