"""The columnar copy holds what the database holds, is brought up to date by what is new, and forgets who is erased."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import duckdb
import orjson
import psycopg
import pytest
from django.db import connection
from pyarrow import fs

from leadloop.agreement.queries import in_force
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.sql import fetch
from leadloop.people.services import forget
from leadloop.selling import services as selling
from leadloop.selling.contracts import ActivityIn, ActivityKind
from leadloop.tracking.columnar import manifest as manifests
from leadloop.tracking.columnar import source
from leadloop.tracking.columnar.files import FILES_PER_MONTH, CopyDiffers, smallest
from leadloop.tracking.columnar.keeping import keep_up
from leadloop.tracking.columnar.manifest import File
from leadloop.tracking.columnar.place import Bucket, Folder, Place, place_of
from leadloop.tracking.columnar.refresh import refresh
from leadloop.tracking.columnar.tables import TABLES
from leadloop.tracking.measures import RANKS, STEPS
from leadloop.tracking.queries import copied, is_behind

VIEWS = {table.name: table.view for table in TABLES.values()} | {
    "stage_entry": "leads_facet_stage_entry",
    "arrival": "(select distinct lead_id from leads_facet_stage_entry) a",
}


def held(place: Place, table: str, columns: str = "*") -> list[tuple[Any, ...]]:
    """Rows of a table as the copy holds them."""
    found = manifests.load(place)
    paths = [str(place.local(file.path)) for file in found.tables.get(table, ())]
    if not paths:
        return []
    return duckdb.sql(f"select {columns} from read_parquet({paths})").fetchall()


def agrees(place: Place) -> None:
    """Every table of the copy has the rows of its view, and the same in every whole-number and text column."""
    for table in TABLES.values():
        names = [c.name for c in table.columns if c.kind in ("BIGINT", "INTEGER", "VARCHAR") and c.name != "payload"]
        mine = held(place, table.name, ", ".join(f'"{name}"' for name in names))
        theirs = fetch(f"select {', '.join(names)} from {VIEWS[table.name]}")
        assert sorted(map(repr, mine)) == sorted(map(repr, theirs)), table.name
        assert manifests.load(place).rows(table.name) == len(mine)


@pytest.fixture
def place(tmp_path: Path) -> Folder:
    return Folder(tmp_path / "copy of it's own")


def test_the_first_copy_holds_everything(demo_db: str, place: Folder) -> None:
    assert is_behind()
    assert copied() is None
    done = keep_up(place)
    assert done.rebuilt
    assert done.rows["event"] > 500
    agrees(place)
    stands = copied()
    assert (stands.generation, stands.as_of, stands.events) == (1, done.as_of, done.rows["event"])
    assert not is_behind()


def test_stage_entries_say_when_they_ended_and_leads_when_they_came_how_far(demo_db: str, place: Folder) -> None:
    keep_up(place)
    left = fetch(
        """select lead_id, event_id, before, lead(entered_at) over way at time zone 'UTC' from leads_facet_stage_entry
           window way as (partition by lead_id order by entered_at, event_id, before)"""
    )
    assert sorted(map(repr, held(place, "stage_entry", "lead_id, event_id, before, left_at"))) == sorted(
        map(repr, left)
    )
    assert any(row[3] for row in left)
    for key, _, _, least in STEPS:
        counted = [stage for stage, rank in RANKS.items() if rank >= least]
        first = fetch(
            """select lead_id, min(entered_at) filter (where stage = any(%s)) at time zone 'UTC'
                 from leads_facet_stage_entry group by 1""",
            [counted],
        )
        assert sorted(map(repr, held(place, "arrival", f"lead_id, in_{key}"))) == sorted(map(repr, first)), key


def test_a_copy_of_an_older_form_is_made_anew(demo_db: str, place: Folder) -> None:
    keep_up(place)
    content = orjson.loads(place.read(manifests.NAME))
    (place.root / manifests.NAME).write_bytes(orjson.dumps(content | {"format": 1}))
    assert manifests.load(place) is None
    done = keep_up(place)
    assert done.rebuilt
    agrees(place)
    files = {str(path.relative_to(place.root)) for path in place.root.rglob("*.parquet")}
    assert files == manifests.load(place).paths


def test_only_what_is_new_is_read_and_only_its_months_are_written(demo_db: str, place: Folder) -> None:
    keep_up(place)
    before = manifests.load(place)
    lead_id, owner_id = fetch(
        "select lead_id, owner_id from leads_facet_lead where is_open and stage = 'working' order by lead_id limit 1"
    )[0]
    call(lead_id, owner_id)
    assert is_behind()
    done = keep_up(place)
    assert not done.rebuilt
    assert 0 < done.events < 20
    agrees(place)
    after = manifests.load(place)
    assert after.tables["cost"] == before.tables["cost"]
    assert set(after.retired) == before.paths - after.paths
    assert {file.month for file in after.tables["lead"]} == {file.month for file in before.tables["lead"]}


def call(lead_id: int, owner_id: int) -> None:
    now = clock.now()
    made = ActivityIn(
        lead_id=lead_id,
        kind=ActivityKind.CALL,
        outcome="talked",
        next_step_at=now + timedelta(days=1),
        next_step_note="Call again",
    )
    selling.log([made], terms=in_force(), actor=by_user(owner_id), now=now)


def test_a_fact_that_commits_late_is_not_skipped(demo_db: str, place: Folder, cluster: Any) -> None:
    """The late writer's id is lower than those already copied."""
    keep_up(place)
    insert = "insert into ledger_event (kind, actor, lead_id) values ('lead.opened', 'system:test', %s)"
    with psycopg.connect(demo_db) as late:
        late.execute(insert, [990_001])
        with psycopg.connect(demo_db) as early:
            early.execute(insert, [990_002])
        keep_up(place)
        seen = {row[0] for row in held(place, "event", "lead_id") if row[0] and row[0] > 990_000}
        assert seen == {990_002}
        late.commit()
    keep_up(place)
    seen = [row[0] for row in held(place, "event", "lead_id") if row[0] and row[0] > 990_000]
    assert sorted(seen) == [990_001, 990_002]


def test_many_small_files_of_a_month_become_one(demo_db: str, place: Folder) -> None:
    keep_up(place)
    before = {row[0] for row in held(place, "event", "id")}
    for number in range(12):
        fetch(
            "insert into ledger_event (kind, actor) values ('company.remembered', %s) returning id", [f"test:{number}"]
        )
        keep_up(place)
    files = manifests.load(place).tables["event"]
    assert max(sum(one.month == other.month for other in files) for one in files) <= FILES_PER_MONTH
    assert len(held(place, "event", "id")) == len(before) + 12
    agrees(place)


def test_a_row_is_merged_a_few_times_however_often_its_month_gets_new_ones() -> None:
    month: list[File] = [File("large", "2026-11", 1_000_000, {})]
    written = 0
    for number in range(400):
        small, rest = smallest([*month, File(f"new-{number}", "2026-11", 100, {})])
        made = sum(file.rows for file in small)
        written += made
        month = [*rest, File(f"made-{number}", "2026-11", made, {})] if small else rest
        assert len(month) <= FILES_PER_MONTH
    assert "large" in {file.path for file in month}
    assert written < 400 * 100 * 6


def test_an_erased_person_is_in_no_file_any_more(demo_db: str, place: Folder) -> None:
    keep_up(place)
    (person_id,) = fetch(
        "select person_id from people_facet_person where country <> '' and language <> '' order by person_id limit 1"
    )[0]
    assert [row for row in held(place, "person", "person_id, country") if row[0] == person_id and row[1]]
    forget(person_id=person_id, actor=by_system("test"), now=clock.now())
    assert copied().forgotten == 1
    keep_up(place)
    assert copied().forgotten == 0
    for path in place.root.rglob("person/**/*.parquet"):
        kept = duckdb.execute("select person_id, country, language, company_id from read_parquet(?)", [str(path)])
        rows = [row[1:] for row in kept.fetchall() if row[0] == person_id]
        assert rows in ([], [("", "", None)])
    agrees(place)


def test_what_was_copied_wrong_is_never_published(demo_db: str, place: Folder, monkeypatch: pytest.MonkeyPatch) -> None:
    keep_up(place)
    before = place.read(manifests.NAME)
    fetch("insert into ledger_event (kind, actor) values ('company.remembered', 'test') returning id")
    counted = source._sums
    monkeypatch.setattr(source, "_sums", lambda *given: (counted(*given)[0] + 1, counted(*given)[1]))
    with pytest.raises(CopyDiffers):
        keep_up(place)
    assert place.read(manifests.NAME) == before


def test_a_thorough_refresh_catches_what_changed_without_a_fact(demo_db: str, place: Folder) -> None:
    keep_up(place)
    fetch(
        "update leads_lead set expected_value = expected_value + 5"
        " where id = (select min(id) from leads_lead) returning id"
    )
    keep_up(place)
    stray = place.root / "lead" / "2020-01" / "left-behind.parquet"
    stray.parent.mkdir(parents=True)
    stray.write_bytes(b"cut off")
    done = keep_up(place, thorough=True)
    assert done.differing == ("lead",)
    assert not stray.exists()
    agrees(place)


def test_another_life_of_the_database_is_copied_from_the_start(demo_db: str, place: Folder) -> None:
    keep_up(place)
    fetch("insert into ledger_epoch (number, system_identifier) values (2, 'another server') returning number")
    assert keep_up(place).rebuilt
    agrees(place)


def test_the_snapshot_stays_however_long_writing_takes(demo_db: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("set idle_in_transaction_session_timeout to '30s'")
        with source.reading():
            cursor.execute("show idle_in_transaction_session_timeout")
            assert cursor.fetchone() == ("0",)
        cursor.execute("show idle_in_transaction_session_timeout")
        assert cursor.fetchone() == ("30s",)


def test_one_refresh_at_a_time(demo_db: str, place: Folder) -> None:
    with psycopg.connect(demo_db) as other:
        other.execute("select pg_advisory_lock(hashtext(%s))", [source.LOCK])
        with pytest.raises(Conflict):
            refresh(place)


def test_a_bucket_serves_like_a_folder(demo_db: str, tmp_path: Path) -> None:
    """The same steps over a file system that can only be reached by its streams."""
    (tmp_path / "far" / "bucket").mkdir(parents=True)
    bucket = Bucket(fs.SubTreeFileSystem(str(tmp_path / "far"), fs.LocalFileSystem()), "bucket", tmp_path / "cache")
    keep_up(bucket)
    agrees(bucket)
    fetch("insert into ledger_event (kind, actor) values ('company.remembered', 'test') returning id")
    keep_up(bucket)
    keep_up(bucket, thorough=True)
    agrees(bucket)
    bucket.forget_others(manifests.load(bucket).paths)
    kept = {str(path.relative_to(tmp_path / "cache")) for path in (tmp_path / "cache").rglob("*.parquet")}
    assert kept <= manifests.load(bucket).paths


def test_an_address_is_a_folder_or_a_bucket(tmp_path: Path) -> None:
    assert isinstance(place_of(str(tmp_path), cache=tmp_path), Folder)
    assert isinstance(place_of("s3://leads/copy?region=eu-central-1", cache=tmp_path), Bucket)
    with pytest.raises(Invalid):
        place_of("ftp://host/copy", cache=tmp_path)


def test_nothing_personal_is_copied() -> None:
    personal = {"given_name", "family_name", "email", "phone", "title", "city", "name", "budget", "need"}
    assert not personal & {column.name for table in TABLES.values() for column in table.columns}
