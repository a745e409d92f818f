"""Companies of inquiries are asked about behind intake, where their portal has it on; never in its way."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture.queries import portal
from leadloop.enrichment.queries import files, runs
from leadloop.enrichment.services import switch_on
from leadloop.kernel import clock
from leadloop.ledger.sql import fetch
from leadloop.loop import enriching, intake, jobs, unhurried
from leadloop.loop.from_crm.shapes import Account, Export
from leadloop.people.queries import companies, people, with_address
from tests.stories.house import SETUP, House, open_house
from tests.support.cast import Cast

ACCOUNTS = "Company,Domain,Industry,Employees\nAcme Pumps,acme.example,Pumps,250\n"
DANA = {"name": "Dana Ruiz", "email": "dana@acme.example", "message": "Please call."}


@pytest.fixture
def house(fresh_db: str, cast: Cast, tmp_path: Path) -> House:
    opened = open_house(cast)
    file = tmp_path / "kept"
    file.write_text(ACCOUNTS)
    enriching.bring_file(file, "accounts.csv", actor=SETUP, now=opened.now)
    return opened


def deferred(house: House) -> list[dict[str, Any]]:
    with clock.at(house.now):
        while unhurried.turn():
            pass
    rows = fetch("select args::text from procrastinate_jobs where task_name = 'enrich' order by id")
    return [orjson.loads(args) for (args,) in rows]


def acme() -> Any:
    (dana,) = with_address(DANA["email"])
    return companies([people([dana])[dana].company_id or 0]).popitem()[1]


def test_behind_intake_and_only_where_it_is_on(house: House) -> None:
    house.inquire(**DANA)
    house.run()
    assert deferred(house) == []
    switch_on(portals=[portal("web-form").id], actor=SETUP, now=house.now)
    house.inquire("api", **DANA)
    house.run()
    assert deferred(house) == []  # another portal's
    house.inquire(**DANA)
    house.run()
    assert acme().industry == ""
    (job,) = deferred(house)
    with clock.at(house.now):
        jobs.enrich(**job)
        jobs.enrich(**job)  # a worker killed right after does it again
    assert (acme().industry, acme().employees) == ("Pumps", 250)
    (run,) = runs()
    assert (run.why, run.asked, run.found, run.changed, run.refused) == ("inquiry", 2, 4, 2, {"same": 2})
    assert house.breaches() == []


def test_intake_asks_nothing_more_because_of_it(house: House) -> None:
    def taken() -> int:
        submission = house.inquire(**DANA)
        with clock.at(house.now), CaptureQueriesContext(connection) as told:
            intake.take_now(submission)
        assert not any("enrichment" in one["sql"] for one in told.captured_queries)
        return len(told.captured_queries)

    taken()
    before = taken()
    switch_on(portals=[portal("web-form").id], actor=SETUP, now=house.now)
    assert abs(taken() - before) <= 1  # the agreement is read anew now and then


def test_firms_of_another_systems_export_are_kept_once(house: House) -> None:
    export = Export("salesforce")
    export.accounts["001A"] = Account(key="001A", name="Lind AG", website="lind.example", employees="80")
    export.accounts["001B"] = Account(key="001B", name="Says Nothing")
    for _ in range(2):
        enriching.keep_accounts(export, label="Salesforce export", actor=SETUP, now=house.now)
    assert [(one.name, one.rows) for one in files()] == [("Salesforce export", 1), ("accounts.csv", 1)]
    assert fetch("select place from enrichment_accountrow order by id desc limit 1") == [("account 001A",)]
