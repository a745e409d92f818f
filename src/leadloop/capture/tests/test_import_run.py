"""Files brought in: once each row, however often and however rudely it is tried."""

from __future__ import annotations

import resource
import threading
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction

from leadloop.capture import queries, services
from leadloop.capture.contracts import Parsed, PortalKind, PortalRow, Settled
from leadloop.capture.imports import run, saved
from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.preview import preview
from leadloop.capture.models import ImportMapping, ImportRun, Submission
from leadloop.capture.tests.conftest import NOW
from leadloop.kernel.errors import Conflict, Invalid, NotFound
from leadloop.leads.contracts import Stage
from leadloop.ledger.contracts import Lane, by_system, by_user
from leadloop.ledger.models import Event
from leadloop.people import services as people
from leadloop.people.contracts import Suppress
from leadloop.programmes import queries as programmes

TOOL = by_system("import")


@pytest.fixture
def fair(save: Any) -> PortalRow:
    return save("fair", kind=PortalKind.STAFF, country="US")


def leads(folder: Path, count: int, name: str = "leads.csv", head: str = "id,name,email,company") -> Path:
    path = folder / name
    rows = (f"{n},Ann Berg{n},ann{n}@berg.example,Berg {n}" for n in range(count))
    path.write_text("\n".join([head, *rows]) + "\n")
    return path


def bring(path: Path, portal: PortalRow, **options: Any) -> tuple[int, run.Counts]:
    return run.bring_in(path=path, portal=portal, actor=TOOL, now=NOW, options=Options(**options))


def processed() -> list[Parsed]:
    """Do what intake does, without persons and leads."""
    found: list[Parsed] = []
    while True:
        with transaction.atomic():
            claimed = services.claim(lane=Lane.BULK, limit=1000, now=NOW)
            if not claimed:
                return found
            parsed, unreadable = services.read(claimed, now=NOW)
            pairs = [(one, Settled(one.ref, one.ref, one.ref, "new")) for one in parsed]
            services.settle(pairs, actor=by_system("intake"), now=NOW)
            services.quarantine(unreadable, actor=by_system("intake"), now=NOW)
            found += parsed


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


@pytest.fixture
def zoho(data: Path, fair: PortalRow, cast: Any) -> tuple[Path, Options]:
    team = [cast.user[name] for name in ("kim", "ola", "sam", "dara")]
    owners = ["David Love", "Thomas Mondrake", "Lazar Mathew"]
    users = dict(zip(owners, team, strict=False))
    return data / "zoho_crm_demo" / "Leads.csv", Options(users=users, fallback_owner=cast.user["ines"])


def test_the_crm_demo_from_file_to_raised_hands(
    db: None, fair: PortalRow, zoho: tuple[Path, Options], cast: Any
) -> None:
    path, options = zoho
    _, counts = run.bring_in(path=path, portal=fair, actor=by_user(cast.user["ada"]), now=NOW, options=options)
    assert counts == run.Counts(3900, 3900, 0)
    parsed = processed()
    assert len(parsed) == 3900
    stood = Counter((one.stage, one.closed_as, one.close_reason) for one in parsed)
    assert stood == {
        (None, Stage.DISQUALIFIED, "junk"): 388,
        (None, Stage.LOST, "imported_lost"): 392,
        (Stage.OPPORTUNITY, None, ""): 2895,
        (Stage.WORKING, None, ""): 62,
        (Stage.NURTURING, None, ""): 61,
        (Stage.QUALIFIED, None, ""): 50,
        (Stage.ACCEPTED, None, ""): 27,
        (Stage.ASSIGNED, None, ""): 25,
    }
    assert all(one.historic for one in parsed)
    assert not any(event.payload["acknowledge"] for event in Event.objects.filter(kind="inquiry.received"))
    assert all(one.candidate.phone and one.candidate.phone.startswith("+1") for one in parsed)
    assert {one.owner_id for one in parsed} == {cast.user[name] for name in ("kim", "ola", "sam", "ines")}
    first = parsed[0]
    assert (first.candidate.family, first.candidate.email, first.candidate.website) == (
        "Denson",
        "garyldenson@cuvox.de",
        "CameraUpdate.com",
    )
    assert first.candidate.external == (("fair", "4563"),)
    assert first.candidate.disposable
    assert first.happened_at.isoformat() == "2021-04-14T22:03:00+00:00"  # 00:03 in Berlin
    sources = {row.id: row.label for row in programmes.sources().values()}
    assert sources[first.source_id or 0] == "Employee Referral"
    assert len({one.source_id for one in parsed}) == 10


def test_sources_that_are_known_are_used_and_new_ones_added(
    db: None, fair: PortalRow, cast: Any, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("email,lead source\na@b.example,Trade Show\nb@b.example,Pigeon Post\nc@b.example,pigeon post\n")
    bring(path, fair)
    parsed = processed()
    assert parsed[0].source_id == cast.source["fair"]
    assert parsed[1].source_id == parsed[2].source_id == programmes.source_id("pigeon-post")


def test_fresh_inquiries_from_a_fair_may_be_answered(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = tmp_path / "fair.csv"
    path.write_text(f"email,date\na@b.example,{NOW.date().isoformat()}\nb@b.example,2020-01-01\n")
    bring(path, fair, fresh=True)
    assert [one.historic for one in processed()] == [False, True]


def test_a_row_in_quarantine_is_corrected_by_heading_or_field(db: None, fair: PortalRow, tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    path.write_text("name,mail,city\nAnn,,Bonn\n")
    bring(path, fair)
    assert processed() == []
    held = Submission.objects.get()
    services.replay([held.id], corrected={held.id: {"mail": "ann@b.example", "city": ""}}, actor=TOOL, now=NOW)
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=5, now=NOW), now=NOW)
    assert (parsed[0].candidate.email, parsed[0].candidate.city, parsed[0].candidate.given) == (
        "ann@b.example",
        "",
        "Ann",
    )


def test_a_dry_run_stores_nothing_and_says_what_would_come(db: None, fair: PortalRow, tmp_path: Path) -> None:
    people.suppress([Suppress(channel="email", norm="ann3@berg.example", reason="unsubscribed")], actor=TOOL, now=NOW)
    path = leads(tmp_path, 6)
    path.write_text(path.read_text() + "90,Bo,ANN1@berg.example,\n91,Cy,cy@mailinator.com,\n92,,,\n")
    reading = saved.understand(path=path, portal=fair)
    found = preview(path=path, portal=fair, reading=reading, now=NOW)
    assert (found.rows, found.readable, found.unreadable) == (9, 8, {"no_contact": 1})
    assert (found.repeated, found.disposable, found.suppressed, found.erased) == (1, 1, 1, 0)
    assert found.refused[0][0] == 10
    assert not Submission.objects.exists()


def test_memory_does_not_grow_with_the_file(db: None, fair: PortalRow, tmp_path: Path) -> None:
    """Ten megabytes go through; what stays in memory is a fraction of them."""
    path = tmp_path / "big.csv"
    with path.open("w") as file:
        file.write("id,name,email,note\n")
        for number in range(50_000):
            file.write(f"{number},Ann Berg,ann{number}@berg.example,{'x' * 180}\n")
    assert path.stat().st_size > 10_000_000
    small: Reading = saved.understand(path=leads(tmp_path, 3_000), portal=fair)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    reading = saved.understand(path=path, portal=fair)
    run_id = run.begin(reading=reading, portal=fair, actor=TOOL, now=NOW)
    assert run.store(run_id=run_id, path=path, now=NOW).stored == 50_000
    assert small.rows == 3_000
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 60_000  # kilobytes
