"""The page of enrichment: files, policies, portals, runs and the way back; and what a company's page says of it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from leadloop.capture.queries import portal
from leadloop.enrichment.contracts import Overwrite
from leadloop.enrichment.queries import files, policies, runs, switched_on
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.ledger.contracts import by_user
from leadloop.ledger.sql import fetch
from leadloop.loop import jobs
from leadloop.people.queries import companies, people, with_address
from leadloop.people.services import change_company
from tests.stories.house import House, open_house
from tests.support.cast import Cast
from tests.support.statements import asked

pytestmark = pytest.mark.django_db
ACCOUNTS = (
    "Account Name;Website;Industry;Employees;Annual Revenue;Billing City;Country\n"
    "Acme Pumps GmbH;https://www.acme.example;Pumps;1.250;40 M EUR;Berlin;Germany\n"
    "Lind AG;;Valves;80;;Bergen;Norway\n"
    ";;;;;;\n"
    "Nobody Knows;;;;;;\n"
)  # fmt: skip


@pytest.fixture
def house(cast: Cast) -> Iterator[House]:
    opened = open_house(cast)
    with clock.at(opened.now):
        yield opened


def at_acme(house: House) -> int:
    house.inquire("web-form", name="Dana Ruiz", email="dana@acme.example", company="Acme Pumps")
    house.run()
    (dana,) = with_address("dana@acme.example")
    company_id = people([dana])[dana].company_id
    assert company_id is not None
    return company_id


def deferred(task: str) -> list[dict[str, Any]]:
    rows = fetch("select args::text from procrastinate_jobs where task_name = %s order by id", [task])
    return [orjson.loads(args) for (args,) in rows]


def add(house: House, text: str = ACCOUNTS, name: str = "accounts-2026.csv") -> Any:
    sent = SimpleUploadedFile(name, text.encode())
    return as_user(house.cast, "ines").post("/enrichment/file", {"file": sent}, follow=True)


def page(house: House, by: str = "ines", path: str = "/enrichment") -> str:
    return str(as_user(house.cast, by).get(path).content.decode())


def test_a_file_is_added_asked_and_its_values_say_where_they_come_from(house: House) -> None:
    acme = at_acme(house)
    assert add(house).status_code == 200
    (kept,) = files()
    assert (kept.name, kept.rows) == ("accounts-2026.csv", 2)
    (job,) = deferred("enrich-all")
    jobs.enrich_all(**job)
    jobs.enrich_all(**job)  # a worker killed right after does it again
    stands = companies([acme])[acme]
    assert (stands.employees, stands.industry, stands.city, stands.country) == (1250, "Pumps", "Berlin", "DE")
    assert stands.attributes["revenue"] == "40 M EUR"
    told = page(house, path=f"/companies/{acme}")
    assert "from accounts-2026.csv, row 2, 2 Mar 2026" in told
    assert "A file was added, Ines Vogt" in page(house)
    change_company(company_id=acme, changes={"employees": 7}, actor=by_user(1), now=house.now)
    assert page(house, path=f"/companies/{acme}").count("from accounts-2026.csv, row 2") == told.count(
        "from accounts-2026.csv, row 2"
    ) - 1  # fmt: skip


def test_a_run_is_taken_back_from_the_page(house: House) -> None:
    acme = at_acme(house)
    add(house)
    jobs.enrich_all(**deferred("enrich-all")[0])
    (run,) = runs()
    client = as_user(house.cast, "ines")
    text = client.post(f"/enrichment/runs/{run.id}/undo", follow=True).content.decode()
    assert f"{run.changed} values are as they were." in text
    assert companies([acme])[acme].employees is None
    again = client.post(f"/enrichment/runs/{run.id}/undo")
    assert (again.status_code, "taken back already" in again.content.decode()) == (409, True)


def test_portals_are_switched_on_and_off(house: House) -> None:
    client = as_user(house.cast, "ines")
    assert client.post("/enrichment/portals", {"portal": [str(portal("web-form").id), "999"]}).status_code == 302
    assert switched_on() == {portal("web-form").id}
    client.post("/enrichment/portals", {})
    assert switched_on() == set()


def test_policies_are_said_field_by_field(house: House) -> None:
    data = {
        f"{field.replace('.', '-')}-{name}": value
        for field in policies()
        for name, value in (("overwrite", "empty"), ("days", "180"))
    }
    changed = {**data, "employees-overwrite": "older", "employees-days": "30", "employees-over_people": "on"}
    assert as_user(house.cast, "ines").post("/enrichment/policy", changed).status_code == 302
    said = policies()["employees"]
    assert (said.overwrite, said.days, said.over_people) == (Overwrite.OLDER, 30, True)
    refused = as_user(house.cast, "ines").post("/enrichment/policy", {**changed, "city-days": "0"})
    assert refused.status_code == 422


@pytest.mark.parametrize(
    ("text", "says"),
    [("Shoe;Size\nleft;44\n", "No row names a company and says something of it."), ("", "empty")],
)
def test_a_file_that_says_nothing_is_refused(house: House, text: str, says: str) -> None:
    answer = add(house, text)
    assert answer.status_code == 422
    assert says in answer.content.decode()
    assert deferred("enrich-all") == []


def test_who_may_only_look_can_not_change(house: House) -> None:
    text = page(house, by="tomas")
    assert "Who is asked" in text
    assert "Add it and ask" not in text
    assert as_user(house.cast, "tomas").post("/enrichment/run").status_code == 403
    assert 'href="/enrichment"' in page(house, path="/companies")
    assert 'href="/enrichment"' not in page(house, by="kim", path="/companies")


def test_a_companys_page_takes_the_same_queries_whatever_was_enriched(house: House) -> None:
    acme, client = at_acme(house), as_user(house.cast, "ines")
    asked(client, f"/companies/{acme}")
    before = asked(client, f"/companies/{acme}")
    add(house)
    jobs.enrich_all(**deferred("enrich-all")[0])
    assert asked(client, f"/companies/{acme}") == before
