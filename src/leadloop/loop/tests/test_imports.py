"""A file comes in from its first byte to the last lead, and a second time nothing happens."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.db import connection

from leadloop.capture.imports.contracts import Options
from leadloop.capture.queries import balance, import_runs
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import by_system
from leadloop.loop import check, imports
from leadloop.loop.imports import Outcome
from leadloop.loop.install import bare
from leadloop.loop.tests.test_install import FIRM, PEOPLE, SQUADS, install
from leadloop.platform.services import beat

ZOHO = Path(__file__).parents[5] / "shared" / "data" / "zoho_crm_demo" / "Leads.csv"
BERLIN = ZoneInfo(FIRM.zone)
NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
OPERATOR = by_system("command-line")


def bring(path: Path, portal_key: str, **options: object) -> Outcome:
    portal = imports.portal_named(portal_key)
    reading = imports.understand(path, portal, Options(**options))
    return imports.bring_in(path, reading, portal, actor=OPERATOR, now=clock.now(), on=lambda what, done, of: None)


def fetch(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def counted(outcome: Outcome) -> tuple[int, ...]:
    return (outcome.rows, outcome.received, outcome.new, outcome.joined, outcome.quarantined, outcome.known)


def test_rows_become_leads_join_them_or_wait_in_quarantine(empty_db: str, tmp_path: Path) -> None:
    install(FIRM, PEOPLE, squads=SQUADS, now=NOW)
    file = tmp_path / "fair.csv"
    file.write_text(
        "Vorname;Nachname;Firma;E-Mail;Telefon\n"
        "Dana;Ruiz;Acme;dana@acme.example;+49 30 23125 001\n"
        "Lee;Moss;Moss;lee@moss.example;\n"
        "Dana;Ruiz;Acme;DANA@acme.example;\n"
        ";;;;\n"
        "Nobody;;;;\n"
    )
    outcome = bring(file, "trade-show", fresh=True)
    assert outcome.new == 2
    assert outcome.joined == 1
    assert outcome.received == outcome.new + outcome.joined + outcome.other + outcome.quarantined
    assert outcome.rows == outcome.received + outcome.known
    assert fetch("select count(*) from people_person") == [(2,)]
    assert check.run() == []
    (run,) = import_runs([outcome.run_id])
    assert (run.state, run.waiting) == ("done", 0)


def test_a_portal_that_is_not_there_is_answered_with_those_that_are(empty_db: str) -> None:
    bare(FIRM, password="hq7m-x2kd-aaaa-bbbb", now=NOW)
    with pytest.raises(NotFound, match="api, phone, prospecting, referral, trade-show, web-form"):
        imports.portal_named("fair")


def test_living_pumps_are_left_to_do_the_work_until_they_fall_silent(
    empty_db: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The beat says that a pump lives; once it is too old, the rows are processed here."""
    install(FIRM, PEOPLE, squads=SQUADS, now=NOW)
    file = tmp_path / "one.csv"
    file.write_text("name,email\nDana Ruiz,dana@acme.example\n")
    beat(process=imports.PUMP, now=clock.now())
    looks = []

    class Pause:
        def wait(self, seconds: float) -> None:
            looks.append(fetch("select count(*) from capture_submission where state = 'received'"))
            if len(looks) == 3:  # the pump has died
                beat(process=imports.PUMP, now=clock.now() - imports.ALIVE)

    monkeypatch.setattr(imports.threading, "Event", Pause)
    assert bring(file, "trade-show").new == 1
    assert looks[:3] == [[(1,)]] * 3  # nobody interfered while the pump lived


@pytest.mark.skipif(not ZOHO.exists(), reason="needs ../shared/data/zoho_crm_demo")
def test_an_export_of_another_system_comes_in_whole_and_writes_to_nobody(empty_db: str) -> None:
    installed = install(FIRM, PEOPLE, squads=SQUADS, now=clock.now())
    kim = installed.users["kim@alder-finch.example"]
    first = bring(ZOHO, "trade-show", owners={"David Love": kim})

    assert counted(first) == (3900, 3900, 3900, 0, 0, 0)
    assert all(row.received == row.new for row in balance(first=NOW.date(), last=clock.now().date()))
    closed = fetch("select stage, close_reason, count(*) from leads_lead where closed_at is not null group by 1, 2")
    assert sorted(closed) == [("disqualified", "junk", 388), ("lost", "imported_lost", 392)]
    opened = fetch(
        "select count(*), count(due_at), count(*) filter (where due_at > now()) from leads_lead where closed_at is null"
    )
    assert opened == [(3120, 3120, 3120)]  # everything open is promised from now
    assert dict(fetch("select owner_id, count(*) from leads_lead group by 1"))[kim] == 334
    denson = (
        "select opened_at from leads_lead join people_facet_person using (person_id) where email ilike 'garyldenson@%'"
    )
    assert fetch(denson) == [(datetime(2021, 4, 15, 0, 3, tzinfo=BERLIN),)]  # the moment the file names
    assert fetch("select count(*) from outreach_message where person_id is not null") == [(0,)]
    assert check.run() == []

    before = fetch("select kind, count(*) from ledger_event group by 1 order by 1")
    second = bring(ZOHO, "trade-show")
    assert counted(second) == (3900, 0, 0, 0, 0, 3900)
    after = dict(fetch("select kind, count(*) from ledger_event group by 1 order by 1"))
    assert {kind: after[kind] - count for kind, count in before if after[kind] != count} == {"import.finished": 1}
