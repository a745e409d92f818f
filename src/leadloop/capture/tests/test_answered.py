"""What a form needn't ask somebody again."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture.contracts import PortalKind
from leadloop.capture.forms import Layout, Question, answered
from leadloop.capture.forms.answered import known_fields
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import by_system
from leadloop.people import services as people
from leadloop.people.contracts import ContactValue, NewCompany, NewPerson, PersonRow


def asking(*keys: str) -> Layout:
    return Layout(questions=tuple(Question(key=key, label=key, queued=True) for key in keys))


@pytest.fixture
def ann(db: None, cast: Any) -> int:
    firm = NewCompany(ref=1, name="Berg Ltd", name_key="berg", industry="Steel", employees=0)
    firm_id = people.remember_companies([firm], actor=by_system("test"), now=NOW)[1]
    new = NewPerson(
        ref=1, given="Ann", emails=(ContactValue("ann@berg.example", "ann@berg.example"),), company_id=firm_id,
        attributes={"pump_size": "Large"},
    )  # fmt: skip
    return people.remember([new], actor=by_system("test"), now=NOW)[1]


def test_what_is_known_of_person_and_firm_is_not_asked(ann: int, save: Any) -> None:
    portal = save("web", kind=PortalKind.BROWSER, mapping={"branche": "industry"})
    layout = asking(
        "name", "family_name", "phone", "company", "branche", "employees", "city", "pump_size", "colour", "need"
    )
    with CaptureQueriesContext(connection) as caught:
        found = answered(ann, portal=portal, layout=layout)
    assert found == {"name", "company", "branche", "employees", "pump_size"}
    assert len(caught) == 3
    left = [one.key for one in layout.without(found).questions]
    assert left == ["family_name", "phone", "city", "colour", "need"]


def test_what_every_visit_is_asked_is_asked_all_the_same(ann: int, save: Any) -> None:
    portal = save("web", kind=PortalKind.BROWSER)
    layout = Layout(questions=(Question(key="name", label="Name"),))
    assert answered(ann, portal=portal, layout=layout) == frozenset()
    assert layout.without({"name"}) == layout


def test_nobody_is_nobody(ann: int, save: Any) -> None:
    assert answered(ann + 1, portal=save("web", kind=PortalKind.BROWSER), layout=asking("phone")) is None


def test_of_somebody_without_a_firm_nothing_of_a_firm_is_known() -> None:
    nobody = PersonRow(1, "", "", "No name", "", "", "", None, "", "", "", "", "", "unknown")
    assert known_fields(nobody, None) == set()
