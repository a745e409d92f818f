"""A whole import is taken back: what it brought goes, what it changed is put back, what was worked on since stays."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture.imports import undoing
from leadloop.capture.imports.contracts import Options
from leadloop.capture.queries import import_runs
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import by_system, by_user
from leadloop.loop import check, imports, pump
from leadloop.loop.imports import Outcome
from leadloop.loop.install import Installed, install
from leadloop.loop.tests.test_imports import fetch
from leadloop.loop.tests.test_install import FIRM, PEOPLE, SQUADS
from leadloop.loop.undoing_imports import take_back
from leadloop.people.queries import contact_points, people
from leadloop.people.services import change_fields
from leadloop.tracking.queries import stages_from_ledger
from tests.support.statements import count

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPERATOR = by_system("command-line")
HEAD = "Number;Name;E-mail;Phone;City;Job title;Company;Note"


@pytest.fixture
def house(empty_db: str) -> Installed:
    return install(FIRM, PEOPLE, squads=SQUADS, now=clock.now() - timedelta(days=2))


def bring(folder: Path, *rows: str, name: str = "file.csv", **options: object) -> Outcome:
    file = folder / name
    file.write_text("\n".join([HEAD, *rows]) + "\n")
    portal = imports.portal_named("trade-show")
    reading = imports.understand(file, portal, Options(**options))
    return imports.bring_in(file, reading, portal, actor=OPERATOR, now=clock.now(), on=lambda *_: None)


def person_of(address: str) -> int:
    ((found,),) = fetch(f"select person_id from people_contactpoint where norm = '{address}'")
    assert isinstance(found, int)
    return found


def taken_back(run_id: int) -> dict[str, int]:
    counts = take_back(run_id, actor=OPERATOR, now=clock.now())
    pump.drain()
    return counts


def test_what_it_brought_goes_and_what_it_changed_is_put_back(house: Installed, tmp_path: Path) -> None:
    bring(tmp_path, "1;Dana Ruiz;dana@acme.example;;;;Acme;", name="before.csv")
    dana, before = person_of("dana@acme.example"), fetch("select * from people_company order by id")
    stood = people([dana])[dana]
    outcome = bring(
        tmp_path,
        "7;Dana Ruiz;dana@acme.example;+49 30 23125001;Berlin;Head of Operations;Acme;came by",
        "8;Lee Moss;lee@moss.example;;Bonn;;Moss;",
    )
    lee = person_of("lee@moss.example")
    assert people([dana])[dana] != stood

    assert taken_back(outcome.run_id) == {"leads": 1, "persons": 1, "changes": 4, "kept": 0}

    assert people([dana])[dana] == stood
    assert [one.kind for one in contact_points([dana])[dana]] == ["email"]
    assert fetch(f"select count(*) from identity_matchkey where person_id = {dana}") == [(1,)]  # the address
    assert people([lee])[lee].email == ""
    (lead,) = [row for row in lead_rows(range(1, 50)).values() if row.person_id == lee]
    assert (lead.stage, lead.close_reason) == (Stage.DISQUALIFIED, "import_undone")
    assert fetch("select * from people_company where id = 1") == before
    assert [(run.state, run.undone["leads"]) for run in import_runs([outcome.run_id])] == [("undone", 1)]
    assert stages_from_ledger() == {row.id: str(row.stage) for row in lead_rows(range(1, 50)).values()}
    assert check.run() == []


def test_what_somebody_worked_on_since_stays_and_is_counted(house: Installed, tmp_path: Path) -> None:
    kim = by_user(house.users["kim@alder-finch.example"])
    bring(tmp_path, "1;Dana Ruiz;dana@acme.example;;;;Acme;", name="before.csv")
    outcome = bring(
        tmp_path,
        "7;Dana Ruiz;dana@acme.example;;Berlin;CEO;Acme;",
        "8;Lee Moss;lee@moss.example;;Bonn;;Moss;",
        "9;Ann Berg;ann@berg.example;;;;Berg;",
    )
    dana, ann = person_of("dana@acme.example"), person_of("ann@berg.example")
    change_fields(person_id=dana, changes={"city": "Potsdam"}, actor=kim, now=clock.now())
    change_fields(person_id=ann, changes={"city": "Ulm"}, actor=kim, now=clock.now())
    bring(tmp_path, "11;Ann Berg;ann@berg.example;;;;Berg;again", name="later.csv")

    counts = taken_back(outcome.run_id)

    assert counts == {
        "leads": 1,
        "persons": 1,
        "changes": 2,
        "kept": 2,
    }  # title, the firm's city; the city, and Ann's lead
    assert (people([dana])[dana].city, people([dana])[dana].title) == ("Potsdam", "")
    assert people([ann])[ann].email == "ann@berg.example"
    assert check.run() == []


def test_the_same_file_may_come_again_and_brings_new_persons(house: Installed, tmp_path: Path) -> None:
    row = "8;Lee Moss;lee@moss.example;;Bonn;;Moss;"
    first = bring(tmp_path, row)
    lee = person_of("lee@moss.example")
    taken_back(first.run_id)
    again = bring(tmp_path, row)
    assert (again.new, again.known) == (1, 0)
    assert person_of("lee@moss.example") != lee
    assert check.run() == []


def test_it_goes_on_after_a_break_and_happens_once(
    house: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    outcome = bring(tmp_path, *(f"{n};Ann Berg{n};ann{n}@berg.example;;;;Berg {n};" for n in range(10)))
    monkeypatch.setattr("leadloop.loop.undoing_imports.PERSONS", 3)
    parts, finish = [], undoing.rows_undone

    def twice(*args: object, **kwargs: object) -> None:
        parts.append(1)
        if len(parts) == 3:
            raise KeyboardInterrupt
        finish(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(undoing, "rows_undone", twice)
    with pytest.raises(KeyboardInterrupt):
        take_back(outcome.run_id, actor=OPERATOR, now=clock.now())
    monkeypatch.setattr(undoing, "rows_undone", finish)
    assert [run.state for run in import_runs([outcome.run_id])] == ["undoing"]

    assert taken_back(outcome.run_id) == {"leads": 10, "persons": 10, "changes": 0, "kept": 0}
    with pytest.raises(Conflict, match="taken back already"):
        take_back(outcome.run_id, actor=OPERATOR, now=clock.now())
    assert fetch("select count(*) from ledger_event where kind = 'import.undone'") == [(1,)]
    assert check.run() == []


def test_after_thirty_days_it_stands(house: Installed, tmp_path: Path) -> None:
    outcome = bring(tmp_path, "8;Lee Moss;lee@moss.example;;Bonn;;Moss;")
    with pytest.raises(Conflict, match="more than 30 days old"):
        take_back(outcome.run_id, actor=OPERATOR, now=clock.now() + timedelta(days=31))


def test_its_statements_do_not_grow_with_it(house: Installed, tmp_path: Path) -> None:
    def statements(name: str, rows_in_it: int) -> int:
        rows = [f"{n};Ann {name}{n};{name}{n}@berg.example;;Bonn;;Berg {n};" for n in range(rows_in_it)]
        outcome = bring(tmp_path, *rows, name=f"{name}.csv")
        with CaptureQueriesContext(connection) as sent:
            take_back(outcome.run_id, actor=OPERATOR, now=clock.now())
        return count(sent)

    assert statements("few", 2) == statements("many", 90)
