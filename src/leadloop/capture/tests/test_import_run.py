"""Files brought in: once each row, however often and however rudely it is tried."""

from __future__ import annotations

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from leadloop.capture import queries
from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import run, saved
from leadloop.capture.models import ImportMapping, ImportRun, Submission
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.imports import TOOL, bring, leads, processed
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.ledger.contracts import Lane
from leadloop.ledger.models import Event


def snapshot() -> list[tuple[Any, ...]]:
    return list(Submission.objects.order_by("id").values_list("id", "state", "delivery_key", "body", "import_run_id"))


def test_the_same_file_again_changes_nothing_but_its_own_run(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 2_500)
    first, counts = bring(path, fair)
    assert counts == run.Counts(2_500, 2_500, 0)
    before = snapshot()
    second, again = bring(path, fair)
    assert second != first
    assert again == run.Counts(2_500, 0, 2_500)
    assert snapshot() == before


def test_rows_wait_on_the_slow_lane_in_the_order_of_the_file(db: None, fair: PortalRow, tmp_path: Path) -> None:
    run_id, _ = bring(leads(tmp_path, 30), fair)
    rows = Submission.objects.order_by("id").values_list("row_number", "lane", "import_run_id", "received_at")
    assert list(rows) == [(n + 2, Lane.BULK, run_id, NOW) for n in range(30)]


def test_equal_rows_count_as_often_as_they_come_and_no_more_when_repeated(
    db: None, fair: PortalRow, tmp_path: Path
) -> None:
    path = tmp_path / "cards.csv"
    path.write_text("name,email\n" + "Ann,ann@b.example\n" * 3 + "Bo,bo@b.example\n")
    assert bring(path, fair)[1] == run.Counts(4, 4, 0)
    assert bring(path, fair)[1] == run.Counts(4, 0, 4)
    path.write_text(path.read_text() + "Ann,ann@b.example\n")
    assert bring(path, fair)[1] == run.Counts(5, 1, 4)


def test_a_changed_row_with_a_known_number_is_a_new_delivery(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 10)
    bring(path, fair)
    path.write_text(path.read_text().replace("Berg 7", "Berg & Partners"))
    assert bring(path, fair)[1] == run.Counts(10, 1, 9)


def test_two_portals_count_for_themselves(db: None, fair: PortalRow, save: Any, tmp_path: Path) -> None:
    path = leads(tmp_path, 5)
    bring(path, fair)
    assert bring(path, save("web"))[1].stored == 5


class Killed(BaseException):
    """As if the process had been killed: nothing catches it to tidy up."""


def test_a_run_killed_half_way_is_taken_up_again(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 5_000)
    reading = saved.understand(path=path, portal=fair)
    run_id = run.begin(reading=reading, portal=fair, actor=TOOL, now=NOW)

    def kill(counts: run.Counts) -> None:
        if counts.rows >= 2_000:
            raise Killed

    with pytest.raises(Killed):
        run.store(run_id=run_id, path=path, now=NOW, progress=kill)
    assert Submission.objects.count() == 2_000
    assert ImportRun.objects.get(id=run_id).state == "storing"

    resumed, counts = bring(path, fair)
    assert resumed == run_id
    assert counts == run.Counts(5_000, 5_000, 0)
    assert Submission.objects.count() == len(set(Submission.objects.values_list("row_number", flat=True))) == 5_000


def test_a_run_that_fails_says_so_and_can_be_taken_up(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 10)

    def fail(_counts: run.Counts) -> None:
        raise RuntimeError("ann@berg.example is no secret of mine")

    with pytest.raises(RuntimeError):
        run.bring_in(path=path, portal=fair, actor=TOOL, now=NOW, progress=fail)
    failed = ImportRun.objects.get()
    assert (failed.state, failed.error) == ("failed", "RuntimeError")
    assert bring(path, fair) == (failed.id, run.Counts(10, 10, 0))
    assert ImportRun.objects.get().error == ""


def test_a_file_that_changed_meanwhile_is_not_brought_in(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 10)
    run_id = run.begin(reading=saved.understand(path=path, portal=fair), portal=fair, actor=TOOL, now=NOW)
    leads(tmp_path, 11)
    with pytest.raises(Conflict):
        run.store(run_id=run_id, path=path, now=NOW)
    with pytest.raises(NotFound):
        run.store(run_id=10**6, path=path, now=NOW)


def test_one_portal_takes_one_file_at_a_time(fresh_db: str, fair: PortalRow, tmp_path: Path) -> None:
    refused: list[Exception] = []
    path, other = leads(tmp_path, 10), leads(tmp_path, 12, "other.csv")

    def second() -> None:
        try:
            bring(other, fair)
        except Conflict as error:
            refused.append(error)
        finally:
            connection.close()

    def meanwhile(_counts: run.Counts) -> None:
        thread = threading.Thread(target=second)
        thread.start()
        thread.join()

    run.bring_in(path=path, portal=fair, actor=TOOL, now=NOW, progress=meanwhile)
    assert len(refused) == 1
    assert bring(other, fair)[1].rows == 12


def test_an_open_question_stops_it_before_anything_is_stored(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = tmp_path / "dates.csv"
    path.write_text("email,created\na@b.example,03/04/2025\n")
    with pytest.raises(Invalid) as caught:
        bring(path, fair)
    assert caught.value.field == "date_style"
    assert "month_first" in caught.value.mend
    assert not ImportRun.objects.exists()
    bring(path, fair, date_style="day_first")
    assert processed()[0].happened_at.date().isoformat() == "2025-04-03"


def test_choices_are_remembered_for_files_that_look_the_same(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("email,created,q\na@b.example,03/04/2025,Berg\n")
    bring(path, fair, date_style="month_first", fields={"q": "family_name"})
    path.write_text("email,created,q\nb@b.example,05/06/2025,Thal\n")
    bring(path, fair)
    assert [(one.candidate.family, one.happened_at.month) for one in processed()] == [("Berg", 3), ("Thal", 5)]
    assert ImportMapping.objects.count() == 1


def test_what_became_of_a_run_is_told_when_all_is_processed(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = leads(tmp_path, 20)
    path.write_text(path.read_text() + "99,,,\n")
    run_id, _ = bring(path, fair)
    assert run.finish(actor=TOOL, now=NOW) == []
    processed()
    assert run.finish(actor=TOOL, now=NOW) == [run_id]
    assert run.finish(actor=TOOL, now=NOW) == []
    row = queries.import_runs([run_id])[0]
    assert (row.state, row.rows, row.stored, row.known) == ("done", 21, 21, 0)
    assert (row.new, row.joined, row.other, row.quarantined, row.waiting) == (20, 0, 0, 1, 0)
    assert row.finished_at == NOW
    fact = Event.objects.get(kind="import.finished").payload
    assert (fact["rows"], fact["new"], fact["quarantined"], fact["known"]) == (21, 20, 1, 0)
    headers, held = queries.refused_rows(run_id)
    assert headers == ["id", "name", "email", "company"]
    assert [(number, cells[0]) for number, cells, _ in held] == [(22, "99")]
    assert held[0][2]
