"""Fault 19, with the spool on: while the database is away deliveries are kept on disk, and stored once it is back."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import make_conninfo

from leadloop.capture import erasure
from leadloop.capture.contracts import Delivery
from leadloop.capture.door import Door, spool
from leadloop.capture.door.spool import standing
from leadloop.capture.door.spooled import Spooled, read, written
from leadloop.capture.models import Submission
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.test_door_away import PROMISED, deliver, headers
from leadloop.ledger.contracts import Lane, by_system
from leadloop.people import services as people
from leadloop.people.contracts import ContactValue, NewPerson

__all__ = ["headers"]

PATIENCE = 30
LONG_AGO = datetime(2026, 3, 1, tzinfo=UTC)


def one(number: int) -> bytes:
    return b'{"email": "ann%d@example.com"}' % number


@asynccontextmanager
async def away(url: str) -> Any:
    """Nothing can be stored until the block ends."""
    async with await psycopg.AsyncConnection.connect(url) as other:
        await other.execute("lock table capture_submission in share mode")
        yield
        await other.rollback()


async def emptied(folder: Path) -> None:
    async with asyncio.timeout(PATIENCE):
        while standing(folder)[0]:
            await asyncio.sleep(0)


def told(url: str, folder: Path, story: Callable[[Door], Awaitable[list[Answer]]]) -> list[Answer]:
    """What a door with a spool answers in a story."""

    async def opened() -> list[Answer]:
        door = Door(url, most_bytes=1000, spool=folder)
        try:
            return await story(door)
        finally:
            await door.close()

    return asyncio.run(opened())


def stored() -> list[bytes]:
    return [bytes(body) for body in Submission.objects.order_by("id").values_list("body", flat=True)]


def begin_again(url: str, folder: Path) -> None:
    """A door that finds what another has left, and stores it."""

    async def story(_: Door) -> list[Answer]:
        await emptied(folder)
        return []

    told(url, folder, story)


def left_behind(folder: Path, *deliveries: Delivery, name: str = "1") -> Path:
    """A file that a killed process has left."""
    folder.mkdir(exist_ok=True)
    file = folder / f"{name}{spool.READY}"
    file.write_bytes(written([Spooled(one, Lane.LIVE, LONG_AGO) for one in deliveries]))
    return file


def test_fault_19_what_comes_meanwhile_is_kept_and_stored_in_order(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    folder = tmp_path / "spool"

    async def story(door: Door) -> list[Answer]:
        answers = [await deliver(door, headers, one(0))]
        async with away(fresh_db):
            for number in range(1, 12):
                async with asyncio.timeout(PROMISED):
                    answers.append(await deliver(door, headers, one(number)))
            assert standing(folder)[0] > 0
        await emptied(folder)
        return answers

    first, *kept = told(fresh_db, folder, story)
    assert (first.status, first.json["status"]) == (202, "stored")
    assert {answer.status for answer in kept} == {202}
    assert [answer.json for answer in kept] == [{"id": None, "status": "kept"}] * 11
    assert stored() == [one(number) for number in range(12)]
    assert standing(folder) == (0, 0)


def test_the_time_is_that_of_the_acknowledgement(fresh_db: str, headers: dict[str, str], tmp_path: Path) -> None:
    portal = _portal_of(fresh_db, headers, tmp_path)
    left_behind(tmp_path, Delivery(portal_id=portal, key="once:a", body=one(1)))
    begin_again(fresh_db, tmp_path)
    assert Submission.objects.filter(received_at=LONG_AGO).count() == 1


def test_stored_before_a_kill_and_again_after_it_counts_once(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    portal = _portal_of(fresh_db, headers, tmp_path)
    file = left_behind(tmp_path, *[Delivery(portal_id=portal, key=f"once:{n}", body=one(n)) for n in range(3)])
    shutil.copy(file, tmp_path / "copy")
    begin_again(fresh_db, tmp_path)
    shutil.move(tmp_path / "copy", file)  # killed before it was removed
    begin_again(fresh_db, tmp_path)
    assert stored()[1:] == [one(n) for n in range(3)]


def test_one_key_counts_once_and_another_body_under_it_is_not_lost(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    folder, keyed = tmp_path / "spool", headers | {"idempotency-key": "mine"}

    async def story(door: Door) -> list[Answer]:
        answers = [await deliver(door, keyed, one(1))]
        async with away(fresh_db):
            answers += [await deliver(door, keyed, one(number)) for number in (1, 2, 2)]
        await emptied(folder)
        return answers

    assert [answer.status for answer in told(fresh_db, folder, story)] == [202] * 4
    assert stored() == [one(1), one(2)]


def test_half_written_and_unreadable_files_hold_nothing_up(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    portal = _portal_of(fresh_db, headers, tmp_path)
    left_behind(tmp_path, Delivery(portal_id=portal, key="once:bad", body=one(1)), name="1").write_bytes(b"no\n{}")
    (tmp_path / f"2{spool.HALF}").write_bytes(b"...")  # of somebody who may still be writing
    left_behind(tmp_path, Delivery(portal_id=portal, key="once:good", body=one(3)), name="3")
    begin_again(fresh_db, tmp_path)
    assert stored()[1:] == [one(3)]
    assert standing(tmp_path) == (0, 1)


def test_what_the_database_refuses_is_put_aside_and_the_others_are_stored(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    portal = _portal_of(fresh_db, headers, tmp_path)
    nowhere = Delivery(portal_id=10**9, key="once:x", body=one(1))
    left_behind(tmp_path, nowhere, Delivery(portal_id=portal, key="once:y", body=one(2)))
    begin_again(fresh_db, tmp_path)
    assert stored()[1:] == [one(2)]
    assert standing(tmp_path) == (0, 1)


def test_what_was_put_aside_is_erased_with_whose_address_it_holds(
    db: None, save: Any, tmp_path: Path, settings: Any
) -> None:
    settings.SPOOL = tmp_path
    ann, ben = (Delivery(portal_id=1, key=f"once:{n}", body=one(n)) for n in (1, 2))
    file = left_behind(tmp_path, ann, ben).rename(tmp_path / f"1{spool.ASIDE}")
    assert spool.forget(tmp_path, ["ann1@example.com"]) == 1
    assert [kept.delivery.body for kept in read(file)] == [ben.body]
    address = ContactValue("ann2@example.com", "ann2@example.com")
    person = people.remember([NewPerson(ref=1, given="Ann", emails=(address,))], actor=by_system("test"), now=NOW)[1]
    with connection.cursor() as cursor:
        erasure.erase(cursor, [person])
    assert standing(tmp_path) == (0, 0)


def test_without_room_on_the_disk_it_says_503(
    fresh_db: str, headers: dict[str, str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(spool, "_FEWEST_FREE", 1 << 62)

    async def story(door: Door) -> list[Answer]:
        first = await deliver(door, headers, one(0))
        async with away(fresh_db):
            return [first, await deliver(door, headers, one(1))]

    assert [answer.status for answer in told(fresh_db, tmp_path, story)] == [202, 503]
    assert standing(tmp_path) == (0, 0)


def test_a_secret_is_still_asked_for_and_unknown_portals_stay_unknown(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    async def story(door: Door) -> list[Answer]:
        await deliver(door, headers)
        async with away(fresh_db):
            await deliver(door, headers)
            wrong = await deliver(door, {"authorization": "Bearer guess"})
            nobody = await call(door, "/api/capture/nobody", b"{}", headers=headers)
        assert nobody is not None
        return [wrong, nobody]

    assert [answer.status for answer in told(fresh_db, tmp_path, story)] == [401, 404]


def test_a_door_that_never_reached_the_database_knows_nobody(
    fresh_db: str, headers: dict[str, str], tmp_path: Path
) -> None:
    async def story(door: Door) -> list[Answer]:
        return [await deliver(door, headers)]

    (answer,) = told(make_conninfo(fresh_db, port=1), tmp_path, story)
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


def test_only_the_owner_may_read_what_is_kept(fresh_db: str, headers: dict[str, str], tmp_path: Path) -> None:
    folder = tmp_path / "spool"

    async def story(door: Door) -> list[Answer]:
        await deliver(door, headers)
        async with away(fresh_db):
            await deliver(door, headers)
            modes = {file.stat().st_mode & 0o777 for file in folder.glob(f"*{spool.READY}")}
        assert modes == {0o600}
        return []

    told(fresh_db, folder, story)
    assert folder.stat().st_mode & 0o777 == 0o700


def _portal_of(url: str, headers: dict[str, str], folder: Path) -> int:
    """Deliver once in the ordinary way; the number of the portal."""

    async def story(door: Door) -> list[Answer]:
        return [await deliver(door, headers)]

    told(url, folder, story)
    return Submission.objects.values_list("portal_id", flat=True)[0]
