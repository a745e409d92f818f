"""Segments are built in the browser, said in words, counted while they are built, and opened as rows."""

from __future__ import annotations

import re
from typing import Any
from urllib.parse import urlencode

import pytest
from django.http import QueryDict

from leadloop.agreement.queries import in_force
from leadloop.criteria.compile import check
from leadloop.front.segments.draft import Draft, condition, from_condition, from_form
from leadloop.front.segments.vocabulary import OPERATORS, Vocabulary
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Pursuit, Stage
from leadloop.ledger.contracts import by_system
from leadloop.people import services as people
from leadloop.people.contracts import NewPerson
from leadloop.segments.queries import segment, segments
from tests.support.cast import MONDAY, Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
BY: dict[str, Any] = {"actor": by_system("test"), "now": MONDAY}
Rows = list[tuple[str, str, list[str]]]


@pytest.fixture(autouse=True)
def now() -> Any:
    with clock.at(MONDAY) as moment:
        yield moment


def lead(cast: Cast, name: str, country: str = "DE", owner: str = "kim") -> int:
    person = people.remember([NewPerson(ref=0, given=name, family="Ruiz", country=country)], **BY)[0]
    wanted = Pursuit(
        ref=0,
        person_id=person,
        interest_id=cast.interest["pumps"],
        happened_at=MONDAY,
        owner_id=cast.user[owner],
        stage=Stage.WORKING,
    )
    return leads.open_or_join([wanted], terms=in_force(), **BY)[0].lead_id


def form(*groups: tuple[str, Rows], how: str = "all", **more: Any) -> dict[str, Any]:
    """What the page sends for these groups of rows."""
    sent: dict[str, Any] = {"subject": "lead", "how": how, **more}
    for g, (of, rows) in enumerate(groups):
        sent[f"g{g}-how"] = of
        for r, (facet, op, values) in enumerate(rows):
            sent |= {f"g{g}-r{r}-facet": facet, f"g{g}-r{r}-op": op, f"g{g}-r{r}-value": values}
    return sent


GERMANS = ("all", [("person.country", "=", ["DE"])])


def drafted(sent: dict[str, Any]) -> Draft:
    return from_form(QueryDict(urlencode(sent, doseq=True)), Vocabulary("lead"))


def names(html: str) -> list[str]:
    return re.findall(r'<th scope="row"><a href="/leads/\d+">([^<]+)', html)


def test_a_segment_is_built_counted_saved_and_opened(cast: Cast) -> None:
    lead(cast, "Dana"), lead(cast, "Ben"), lead(cast, "Yann", "FR")
    marketing = as_user(cast, "tomas")
    assert "Make" not in marketing.get("/segments/new").content.decode()
    live = marketing.post("/segments/draft", form(GERMANS)).content.decode()
    assert "2 leads" in live
    assert "Country is DE." in live
    assert "<html" not in live
    sent = form(GERMANS, name="Germans", owner_id=cast.user["paul"], note="Spring letter")
    saved = marketing.post("/segments/new", sent)
    [row] = segments()
    assert saved.headers["Location"] == f"/segments/{row.id}"
    page = marketing.get(f"/segments/{row.id}").content.decode()
    assert f'data-figure="2" href="/leads?segment={row.id}"' in page
    assert "Answered for by Paul Renner" in page
    rows = marketing.get(f"/leads?segment={row.id}").content.decode()
    assert names(rows) == ["Ben Ruiz", "Dana Ruiz"]
    assert 'data-rows-total="2"' in rows
    assert "Segment: Germans" in rows


def test_who_opens_a_segment_sees_their_own_leads_only(cast: Cast) -> None:
    lead(cast, "Dana"), lead(cast, "Ben", owner="sam")
    as_user(cast, "ines").post("/segments/new", form(GERMANS, name="Germans", owner_id=cast.user["ines"]))
    [row] = segments()
    assert names(as_user(cast, "sam").get(f"/leads?segment={row.id}").content.decode()) == ["Ben Ruiz"]
    assert 'data-figure="1"' in as_user(cast, "ruth").get(f"/segments/{row.id}").content.decode()
    assert as_user(cast, "sam").get(f"/segments/{row.id}").status_code == 403


def test_groups_of_all_any_and_none(cast: Cast) -> None:
    lead(cast, "Dana"), lead(cast, "Yann", "FR"), lead(cast, "Bo", "SE", owner="sam")
    kim = str(cast.user["kim"])
    sent = form(
        ("any", [("person.country", "=", ["DE"]), ("person.country", "=", ["SE"])]),
        ("none", [("lead.owner_id", "in", [kim])]),
    )
    page = as_user(cast, "tomas").post("/segments/draft", sent).content.decode()
    assert names(page) == ["Bo Ruiz"]
    assert "Either country is DE, or country is SE, and not owner is Kim Maurer." in page


@pytest.mark.parametrize(
    ("row", "wrong"),
    [
        (("lead.fit", ">=", ["forty"]), "A number is expected"),
        (("lead.opened_at", "before", ["soon"]), "A day is expected"),
        (("lead.opened_at", "within_days", ["-3"]), "A whole number is expected"),
        (("lead.expected_value", ">=", ["1.234"]), "EUR has no such small part"),
        (("lead.fit", "between", ["40"]), "Give the lowest and the highest"),
        (("person.country", "=", [""]), "Fill this in"),
        (("", "", []), "Choose what to ask about"),
    ],
)
def test_what_can_not_be_read_is_said_at_its_row_and_nothing_is_saved(cast: Cast, row: Any, wrong: str) -> None:
    sent = form(("all", [row]), name="Odd", owner_id=cast.user["tomas"])
    answer = as_user(cast, "tomas").post("/segments/new", sent)
    assert answer.status_code == 422
    assert wrong in answer.content.decode()
    assert segments() == []


def test_buttons_add_and_remove_rows_and_groups_also_without_scripts(cast: Cast) -> None:
    page = as_user(cast, "tomas").post("/segments/new", form(GERMANS, do="row:0")).content.decode()
    assert (page.count('class="builder-row"'), page.count('class="builder-group"')) == (2, 1)
    page = as_user(cast, "tomas").post("/segments/new", form(GERMANS, do="group")).content.decode()
    assert page.count('class="builder-group"') == 2
    page = as_user(cast, "tomas").post("/segments/new", form(GERMANS, GERMANS, do="ungroup:1")).content.decode()
    assert page.count('class="builder-group"') == 1
    page = as_user(cast, "tomas").post("/segments/new", form(GERMANS, do="drop:0:0")).content.decode()
    assert page.count('class="builder-row"') == 1
    assert "Nothing asked yet" in page
    assert segments() == []


def test_another_question_brings_its_own_operators(cast: Cast) -> None:
    draft = drafted(form(("all", [("lead.grade", "contains", ["A", "Z"])])))
    assert (draft.groups[0].rows[0].op, draft.groups[0].rows[0].values) == ("in", ["A"])
    assert drafted(form(("all", [("lead.engagement", ">", ["1"])]))).groups[0].rows[0].facet == ""
    assert drafted({"do": "row:99", "g77-r1-facet": "x"}).groups[0].rows[0].facet == ""


def test_every_question_with_every_operator_makes_a_sound_condition_and_comes_back(cast: Cast) -> None:
    known = Vocabulary("lead")
    typed = {
        "number": ["40", "50"], "money": ["10.50", "20"], "boolean": ["no"], "date": ["2026-03-02"],
        "datetime": ["2026-03-02"], "text": ["Acme"], "list": ["sit"],
    }  # fmt: skip
    asked = 0
    for key, facet in known.facets.items():
        for op in facet.operators:
            values = list(known.names.get(key, {}))[:1] or typed.get(facet.type, [])
            values = ["7"] if op.endswith("_days") else values
            if not values:
                continue  # nothing of that kind is there to choose from
            draft = drafted(form(("any", [(key, op, values)])))
            ast = condition(draft, known, currency="EUR")
            assert draft.is_whole, (key, op, draft)
            assert check(ast, "lead") is None, (key, op)
            again = from_condition(ast, known, currency="EUR")
            assert again is not None
            assert condition(again, known, currency="EUR") == ast
            assert op in OPERATORS
            asked += 1
    assert asked > 300


def test_a_segment_is_changed_and_put_away(cast: Cast) -> None:
    marketing = as_user(cast, "tomas")
    marketing.post("/segments/new", form(GERMANS, name="Germans", owner_id=cast.user["tomas"]))
    [row] = segments()
    assert 'value="DE"' in marketing.get(f"/segments/{row.id}/edit").content.decode()
    french = form(("all", [("person.country", "in", ["FR, BE"])]), name="French", owner_id=cast.user["tomas"])
    marketing.post(f"/segments/{row.id}/edit", french)
    assert segment(row.id).criteria == {"all": [{"facet": "person.country", "op": "in", "value": ["FR", "BE"]}]}
    assert 'value="FR, BE"' in marketing.get(f"/segments/{row.id}/edit").content.decode()
    marketing.post(f"/segments/{row.id}/archive")
    assert segments() == []
    assert "put away" in marketing.get(f"/segments/{row.id}").content.decode()


def test_people_are_found_too_by_those_who_may_see_them_all(cast: Cast) -> None:
    lead(cast, "Dana")
    sent = form(GERMANS, name="German people", owner_id=cast.user["tomas"]) | {"subject": "person"}
    as_user(cast, "tomas").post("/segments/new", sent)
    [row] = segments()
    page = as_user(cast, "tomas").get(f"/segments/{row.id}/people").content.decode()
    assert "Dana Ruiz" in page
    assert 'data-rows-total="1"' in page
    assert as_user(cast, "ruth").get(f"/segments/{row.id}/people").status_code == 403
    assert "does not open lists of people" in as_user(cast, "ruth").get(f"/segments/{row.id}").content.decode()
    assert as_user(cast, "tomas").get(f"/leads?segment={row.id}").status_code == 404


def test_the_list_asks_the_same_however_many_there_are(cast: Cast) -> None:
    marketing = as_user(cast, "tomas")
    for name in ("One", "Two"):
        marketing.post("/segments/new", form(GERMANS, name=name, owner_id=cast.user["tomas"]))
    marketing.get("/segments")
    two = asked(marketing, "/segments")
    for name in ("Three", "Four", "Five"):
        marketing.post("/segments/new", form(GERMANS, name=name, owner_id=cast.user["tomas"]))
    assert asked(marketing, "/segments") == two
