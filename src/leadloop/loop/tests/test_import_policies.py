"""What a file may do to people who are known, to those who must be left alone, and when it comes again."""

from __future__ import annotations

import csv
from io import StringIO
from pathlib import Path

import pytest

from leadloop.capture.imports import run as importing
from leadloop.capture.imports.contracts import Options
from leadloop.capture.imports.preview import preview
from leadloop.capture.queries import import_runs, refused_rows
from leadloop.capture.services import replay
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.kernel.text import csv_safe
from leadloop.ledger.contracts import Lane
from leadloop.loop import check, erasing, imports, intake, pump
from leadloop.loop.install import Installed
from leadloop.loop.tests.test_imports import counted, fetch
from leadloop.loop.tests.test_undoing_imports import HEAD, OPERATOR, bring, house, person_of, taken_back
from leadloop.people.contracts import Suppress
from leadloop.people.queries import people, suppressed
from leadloop.people.services import suppress

__all__ = ["house"]
DANA = "1;Dana Ruiz;dana@acme.example;;Berlin;Buyer;Acme;"
AGAIN = "7;Dana Ruiz-Lee;dana@acme.example;;Bonn;;Acme;"
LEE = "8;Lee Moss;lee@moss.example;;Bonn;;Moss;"


def test_a_row_fills_overwrites_is_left_out_or_waits_as_its_file_says(house: Installed, tmp_path: Path) -> None:
    bring(tmp_path, DANA, name="before.csv")
    dana = person_of("dana@acme.example")

    filled = bring(tmp_path, AGAIN, LEE, name="fill.csv")
    assert (filled.new, filled.joined, people([dana])[dana].city) == (1, 1, "Berlin")

    left_out = bring(tmp_path, f"{AGAIN}x", name="skip.csv", on_known="skip")
    assert (left_out.joined, left_out.quarantined, people([dana])[dana].city) == (0, 1, "Berlin")

    over = bring(tmp_path, f"{AGAIN}y", name="over.csv", on_known="overwrite")
    assert (over.joined, people([dana])[dana].city, people([dana])[dana].name) == (1, "Bonn", "Dana Ruiz-Lee")
    assert people([dana])[dana].title == "Buyer"  # the row says nothing of it
    taken_back(over.run_id)
    assert (people([dana])[dana].city, people([dana])[dana].name) == ("Berlin", "Dana Ruiz")
    assert check.run() == []


def test_a_row_that_asks_is_let_through_by_hand(house: Installed, tmp_path: Path) -> None:
    bring(tmp_path, "1;Dana Ruiz;dana@acme.example;;;;Acme;", name="before.csv")
    asked = bring(tmp_path, AGAIN, name="ask.csv", on_known="ask")
    assert counted(asked) == (1, 1, 0, 0, 1, 0)
    ((held, code),) = fetch("select id, reason_code from capture_submission where state = 'quarantined'")
    assert code == "known_asked"
    replay([held], actor=OPERATOR, now=clock.now())  # type: ignore[list-item]  # an id
    pump.drain()
    assert people([person_of("dana@acme.example")]).popitem()[1].city == "Bonn"
    assert check.run() == []


def test_marketing_may_write_only_to_those_whose_file_says_what_they_agreed_to(
    house: Installed, tmp_path: Path
) -> None:
    bring(tmp_path, DANA, name="none.csv")
    with pytest.raises(Invalid, match="what did they agree to"):
        bring(tmp_path, LEE, name="lee.csv", basis="agreed")
    bring(tmp_path, LEE, name="lee.csv", basis="agreed", basis_words="Write to me about pumps.")
    agreed = fetch("select p.norm, c.wording from people_consent c join people_contactpoint p using (person_id)")
    assert agreed == [("lee@moss.example", "Write to me about pumps.")]
    again = imports.understand(tmp_path / "lee.csv", imports.portal_named("trade-show"), Options())
    assert again.basis == "none"  # it has to be said for each file


def test_a_consent_that_rests_on_the_file_goes_with_it(house: Installed, tmp_path: Path) -> None:
    bring(tmp_path, DANA, name="before.csv")
    outcome = bring(tmp_path, AGAIN, basis="agreed", basis_words="Write to me.")
    assert fetch("select state, purpose from people_consent order by id") == [("given", "marketing")]
    taken_back(outcome.run_id)
    assert [state for (state,) in fetch("select state from people_consent order by id")] == ["given", "withdrawn"]


def test_fault_37_who_is_suppressed_or_erased_stays_so_and_is_reported(house: Installed, tmp_path: Path) -> None:
    bring(tmp_path, DANA, LEE, name="before.csv")
    suppress(
        [Suppress(channel="email", norm="dana@acme.example", reason="unsubscribed")], actor=OPERATOR, now=clock.now()
    )
    erasing.erase(
        person_id=person_of("lee@moss.example"), reason="requested", ending="erased", actor=OPERATOR, now=clock.now()
    )
    file = tmp_path / "again.csv"
    file.write_text("\n".join([HEAD, AGAIN, LEE, "9;Ann Berg;ann@berg.example;;;;Berg;"]))
    portal = imports.portal_named("trade-show")
    reading = imports.understand(file, portal, Options())
    told = preview(path=file, portal=portal, reading=reading.as_json(), now=clock.now())
    assert (told.new, told.known, told.suppressed, told.erased) == (2, 1, 1, 1)

    outcome = imports.bring_in(file, reading, portal, actor=OPERATOR, now=clock.now(), on=lambda *_: None)
    assert (outcome.known, outcome.new) == (1, 1)  # the erased person's own row is known by its hash, and brings nobody
    both = ["dana@acme.example", "lee@moss.example"]
    assert suppressed(both, "email", "marketing") == set(both)
    assert check.run() == []


def test_fault_36_the_same_file_twice_and_after_a_kill_counts_once(
    house: Installed, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = [f"{n};Ann Berg{n};ann{n}@berg.example;;;;Berg {n};" for n in range(10)]
    file = tmp_path / "file.csv"
    file.write_text("\n".join([HEAD, *rows]) + "\n")
    portal = imports.portal_named("trade-show")
    reading = imports.understand(file, portal, Options())
    run_id = importing.begin(reading=reading, portal=portal, actor=OPERATOR, now=clock.now())
    monkeypatch.setattr(importing, "_BATCH", 2)
    killed_at = []

    def kill(counts: importing.Counts) -> None:
        killed_at.append(counts.rows)
        if counts.rows == 4:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        importing.store(run_id=run_id, path=file, now=clock.now(), progress=kill)
    intake.take(Lane.BULK, limit=3)  # some were taken in before it goes on
    again = bring(tmp_path, *rows)
    assert again.run_id == run_id
    assert counted(again)[:3] == (10, 10, 10)
    assert counted(bring(tmp_path, *rows)) == (10, 0, 0, 0, 0, 10)
    assert fetch("select count(*) from people_person") == [(10,)]
    assert check.run() == []


def test_refused_rows_come_back_mended_with_the_column_that_says_why(house: Installed, tmp_path: Path) -> None:
    first = bring(tmp_path, "=1+1;;;;;;;", "2;Lee Moss;;;;;;", LEE)
    assert (first.new, first.quarantined) == (1, 2)
    headers, refused = refused_rows(first.run_id)
    text = StringIO()
    writer = csv.writer(text)
    writer.writerow([*headers, "error"])
    for _, cells, why in refused:
        writer.writerow([*map(csv_safe, cells), why])
    back = tmp_path / "import-1-errors.csv"
    back.write_text(text.getvalue().replace("2,Lee Moss,,", "2,Lee Moss,moss@lee.example,"))
    portal = imports.portal_named("trade-show")
    reading = imports.understand(back, portal, Options())
    assert "error" not in [column.header for column in reading.columns]
    assert any("refused before" in note for note in reading.notes)
    again = imports.bring_in(back, reading, portal, actor=OPERATOR, now=clock.now(), on=lambda *_: None)
    assert (again.rows, again.known, again.new) == (2, 1, 1)  # what was not mended is the very row it was
    assert [run.quarantined for run in import_runs([first.run_id, again.run_id])] == [0, 2]
