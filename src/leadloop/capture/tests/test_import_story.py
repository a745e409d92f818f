"""Whole files, from their first look to raised hands."""

from __future__ import annotations

import resource
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from leadloop.capture import services
from leadloop.capture.contracts import PortalRow
from leadloop.capture.imports import run, saved
from leadloop.capture.imports.contracts import Options, Reading
from leadloop.capture.imports.preview import from_json, preview
from leadloop.capture.models import Submission
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.imports import TOOL, bring, leads, processed
from leadloop.leads.contracts import Stage
from leadloop.ledger.contracts import Lane, by_user
from leadloop.ledger.models import Event
from leadloop.people import services as people
from leadloop.people.contracts import Suppress
from leadloop.programmes import queries as programmes


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


def test_a_row_that_names_nobody_is_the_keepers_unless_sales_holds_it(
    db: None, fair: PortalRow, cast: Any, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("email,status,owner\na@b.example,Contacted,\nb@b.example,New,\nc@b.example,New,Kim Maurer\n")
    bring(path, fair, fallback_owner=cast.user["grace"])
    assert [one.owner_id for one in processed()] == [cast.user["grace"], None, cast.user["kim"]]


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


def test_a_name_with_a_number_of_the_other_system_is_taken_in_without_an_address(
    db: None, fair: PortalRow, tmp_path: Path
) -> None:
    path = tmp_path / "a.csv"
    path.write_text("rec id,first name,last name\n7,Ann,Berg\n,Bo,Costa\n9,,\n")
    bring(path, fair)
    assert [(one.external_id, one.candidate.given) for one in processed()] == [("7", "Ann")]


def test_a_dry_run_stores_nothing_and_says_what_would_come(db: None, fair: PortalRow, tmp_path: Path) -> None:
    people.suppress([Suppress(channel="email", norm="ann3@berg.example", reason="unsubscribed")], actor=TOOL, now=NOW)
    path = leads(tmp_path, 6)
    path.write_text(path.read_text() + "90,Bo,ANN1@berg.example,\n91,Cy,cy@mailinator.com,\n92,,,\n")
    reading = saved.understand(path=path, portal=fair)
    found = preview(path=path, portal=fair, reading=reading.as_json(), now=NOW)
    assert (found.rows, found.new, found.known, found.held) == (9, 7, 0, 1)
    assert (found.repeated, found.disposable, found.suppressed, found.erased) == (1, 1, 1, 0)
    assert (found.errors["no_contact"].rows, found.errors["no_contact"].first) == (1, [10])
    assert found.refused[0][0] == 10
    assert from_json(found.as_json()) == found
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
