"""The capture door while its database is away, hangs, is restarted or is slow."""

from __future__ import annotations

import asyncio
from typing import Any

import psycopg
import pytest
from django.db import connection
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from leadloop.capture import services
from leadloop.capture.door import Door
from leadloop.capture.models import Submission
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import by_user

BODY = b'{"email": "ann@example.com"}'
PROMISED = 2.0  # seconds within which senders get an answer; a contract of the door, not a measurement


@pytest.fixture
def headers(fresh_db: str, save: Any, cast: Any) -> dict[str, str]:
    portal = save("api")
    secret = services.new_token(portal_id=portal.id, actor=by_user(cast.user["ada"]), now=NOW)
    return {"authorization": f"Bearer {secret}"}


async def deliver(door: Door, headers: dict[str, str], body: bytes = BODY) -> Answer:
    answer = await call(door, "/api/capture/api", body, headers=headers)
    assert answer is not None
    return answer


def test_nobody_listening_gives_503_and_retry_after(fresh_db: str, headers: dict[str, str]) -> None:
    async def story() -> Answer:
        door = Door(make_conninfo(fresh_db, port=1), most_bytes=1000)
        try:
            async with asyncio.timeout(PROMISED):
                return await deliver(door, headers)
        finally:
            await door.close()

    answer = asyncio.run(story())
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")


def test_a_server_that_accepts_and_says_nothing_gives_503_in_time(fresh_db: str, headers: dict[str, str]) -> None:
    async def story() -> Answer:
        async def silent(_reader: asyncio.StreamReader, _writer: asyncio.StreamWriter) -> None:
            await asyncio.sleep(60)

        server = await asyncio.start_server(silent, "127.0.0.1", 0)
        port = server.sockets[0].getsockname()[1]
        door = Door(make_conninfo(fresh_db, host="127.0.0.1", port=port), most_bytes=1000)
        try:
            async with asyncio.timeout(PROMISED):
                return await deliver(door, headers)
        finally:
            await door.close()
            server.close()

    assert asyncio.run(story()).status == 503


def test_a_hanging_statement_gives_503_in_time_and_the_door_recovers(fresh_db: str, headers: dict[str, str]) -> None:
    async def story() -> tuple[Answer, Answer]:
        door = Door(fresh_db, most_bytes=1000, links=1)
        try:
            await deliver(door, headers)
            async with await psycopg.AsyncConnection.connect(fresh_db) as other:
                await other.execute("lock table capture_submission in share mode")
                async with asyncio.timeout(PROMISED):
                    held = await deliver(door, headers)
                await other.rollback()
            return held, await deliver(door, headers)
        finally:
            await door.close()

    held, after = asyncio.run(story())
    assert (held.status, after.status) == (503, 202)


def test_connections_cut_in_mid_flight_lose_nothing_that_was_acknowledged(
    fresh_db: str, headers: dict[str, str], cluster: Any
) -> None:
    """The server ends every session of the door again and again while deliveries come in."""
    name = conninfo_to_dict(fresh_db)["dbname"]
    admin_url = cluster.url("superuser", "postgres")
    cut = "select pg_terminate_backend(pid) from pg_stat_activity where datname = %s and application_name like '%%door'"

    async def story() -> list[Answer]:
        door = Door(fresh_db, most_bytes=1000)
        try:
            async with await psycopg.AsyncConnection.connect(admin_url, autocommit=True) as admin:
                answers: list[Answer] = []
                for wave in range(12):
                    sent = [deliver(door, headers, b'{"n": "%d-%d"}' % (wave, n)) for n in range(10)]
                    waves = asyncio.gather(*sent)
                    await admin.execute(cut, [name])
                    answers += await waves
                return answers
        finally:
            await door.close()

    answers = asyncio.run(story())
    acknowledged = {int(answer.json["id"]) for answer in answers if answer.status == 202}
    assert {answer.status for answer in answers} <= {202, 503}
    assert len(acknowledged) == sum(answer.status == 202 for answer in answers) > 0
    assert acknowledged <= set(Submission.objects.values_list("id", flat=True))
    connection.close()
    bodies = [bytes(body) for body in Submission.objects.values_list("body", flat=True)]
    assert len(bodies) == len(set(bodies))


def test_closing_stores_what_has_arrived(fresh_db: str, headers: dict[str, str]) -> None:
    async def story() -> list[Answer]:
        door = Door(fresh_db, most_bytes=1000, links=1)
        await deliver(door, headers)
        waiting = [asyncio.create_task(deliver(door, headers)) for _ in range(20)]
        await asyncio.sleep(0)
        await door.close()
        return await asyncio.gather(*waiting)

    answers = asyncio.run(story())
    assert {answer.status for answer in answers} == {202}
    assert Submission.objects.count() == 21
