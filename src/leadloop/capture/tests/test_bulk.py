"""Many rows in one request: each is answered, those that can be read are stored together before that."""

from __future__ import annotations

import asyncio
from typing import Any

import orjson
import pytest

from leadloop.capture import door, services
from leadloop.capture.contracts import PortalKind
from leadloop.capture.door import bulk
from leadloop.capture.models import Submission
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import Lane, by_user

ROWS = [{"email": f"p{number}@example.com"} for number in range(5)]
LINES = b"\n".join(map(orjson.dumps, ROWS))
Wanted = tuple[str, bytes, dict[str, str]]


@pytest.fixture
def secret(fresh_db: str, save: Any, cast: Any) -> str:
    return services.new_token(portal_id=save("api").id, actor=by_user(cast.user["ada"]), now=NOW)


def sent(dsn: str, secret: str, *bodies: bytes, key: str = "", path: str = "api/bulk") -> Any:
    """The answers to these bodies, one after the other."""
    headers = {"authorization": f"Bearer {secret}"} | ({"idempotency-key": key} if key else {})

    async def run() -> list[Answer]:
        opened = door.Door(dsn, most_bytes=2_000)
        try:
            return [await call(opened, f"/api/capture/{path}", body, headers=headers) for body in bodies]
        finally:
            await opened.close()

    return asyncio.run(run())


@pytest.mark.parametrize("body", [LINES, orjson.dumps(ROWS), orjson.dumps(ROWS, option=orjson.OPT_INDENT_2)])
def test_lines_and_arrays_are_stored_row_by_row(body: bytes, fresh_db: str, secret: str) -> None:
    (answer,) = sent(fresh_db, secret, body)
    assert (answer.status, answer.json["stored"], answer.json["refused"]) == (202, 5, 0)
    stored = {str(row.id): orjson.loads(bytes(row.body)) for row in Submission.objects.all()}
    assert [stored[line["id"]] for line in answer.json["rows"]] == ROWS
    assert [line["row"] for line in answer.json["rows"]] == [1, 2, 3, 4, 5]
    assert {row.lane for row in Submission.objects.all()} == {int(Lane.LIVE)}


def test_a_row_that_cannot_be_read_says_why_and_the_others_are_stored(fresh_db: str, secret: str) -> None:
    bad = [
        b"{broken",
        b'{"a": NaN}',
        b"[1, 2]",
        b'"text"',
        b"{}",
        b'{"work_email": 7}',
        b'{"a":' * 40 + b"1" + b"}" * 40,
    ]
    (answer,) = sent(fresh_db, secret, LINES + b"\n" + b"\n".join(bad) + b'\n{"email": "last@example.com"}')
    assert (answer.status, answer.json["stored"], answer.json["refused"]) == (202, 6, 7)
    refused = [line for line in answer.json["rows"] if line["status"] == "refused"]
    assert [line["code"] for line in refused] == [
        "unreadable", "unreadable", "not_an_object", "not_an_object", "empty", "wrong_type", "too_deep",
    ]  # fmt: skip
    assert all(line["problem"] and line["mend"] and "id" not in line for line in refused)
    assert refused[5]["field"] == "work_email"
    assert answer.json["rows"][-1]["status"] == "stored"
    assert Submission.objects.count() == 6


def test_nothing_that_can_be_read_is_an_error_that_says_so_for_each(fresh_db: str, secret: str) -> None:
    (answer,) = sent(fresh_db, secret, b"[1, 2]")
    assert (answer.status, answer.json["code"], len(answer.json["rows"])) == (422, "invalid", 2)


def test_a_body_that_is_no_list_stores_nothing(fresh_db: str, secret: str) -> None:
    for answer in sent(fresh_db, secret, b"", b"[", b"[]", b'[{"a": 1}'):
        assert (answer.status, answer.json["code"]) == (422, "unreadable")
    assert not Submission.objects.exists()


def test_the_same_key_and_body_give_the_same_rows_and_another_body_is_refused(fresh_db: str, secret: str) -> None:
    longer = LINES + b'\n{"email": "more@example.com"}'
    first, again, other = sent(fresh_db, secret, LINES, LINES, longer, key="night 1")
    ids = [line["id"] for line in first.json["rows"]]
    assert [line["id"] for line in again.json["rows"]] == ids
    assert (again.status, again.json["known"], again.json["stored"]) == (202, 5, 0)
    assert (other.status, other.json["code"], other.json["field"]) == (422, "key_reused", "idempotency-key")
    assert Submission.objects.count() == 5
    assert sent(fresh_db, secret, LINES, key="night 2")[0].json["stored"] == 5


def test_of_two_bodies_with_one_key_at_once_one_is_stored_whole_and_the_other_not_at_all(
    fresh_db: str, secret: str
) -> None:
    async def run() -> list[Answer]:
        doors = [door.Door(fresh_db, most_bytes=2_000) for _ in range(4)]  # as several web processes
        headers = {"authorization": f"Bearer {secret}", "idempotency-key": "k"}
        bodies = [LINES, LINES + b'\n{"email": "more@example.com"}'] * 2
        try:
            calls = (
                call(app, "/api/capture/api/bulk", body, headers=headers)
                for app, body in zip(doors, bodies, strict=True)
            )
            return await asyncio.gather(*calls)
        finally:
            for app in doors:
                await app.close()

    answers = asyncio.run(run())
    assert sorted(answer.status for answer in answers) == [202, 202, 422, 422]
    won = next(answer for answer in answers if answer.status == 202)
    assert Submission.objects.count() == len(won.json["rows"])


def test_single_and_many_share_their_keys(fresh_db: str, secret: str) -> None:
    sent(fresh_db, secret, LINES, key="shared")
    (single,) = sent(fresh_db, secret, b'{"email": "p0@example.com"}', key="shared", path="api")
    assert (single.status, single.json["code"]) == (422, "key_reused")


def test_many_take_the_bulk_lane_so_that_single_ones_need_not_wait(fresh_db: str, secret: str) -> None:
    body = b"\n".join(b'{"email": "p%d@example.com"}' % number for number in range(bulk.LIVE_UP_TO + 1))
    sent(fresh_db, secret, body)
    assert {row.lane for row in Submission.objects.only("lane")} == {int(Lane.BULK)}


def test_ten_thousand_rows_are_one_statement_and_one_more_is_too_many(
    fresh_db: str, secret: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[str] = []
    fetch = door.app.Heavy._fetch

    def counted(self: Any, statement: str, params: Any) -> Any:
        asked.append(statement)
        return fetch(self, statement, params)

    monkeypatch.setattr(door.app.Heavy, "_fetch", counted)
    body = b"\n".join(b'{"email": "p%d@example.com"}' % number for number in range(bulk.MOST_ROWS))
    full, more = sent(fresh_db, secret, body, body + b'\n{"a": "b"}')
    assert (full.status, full.json["stored"], len(asked)) == (202, bulk.MOST_ROWS, 1)
    assert (more.status, more.json["code"]) == (413, "too_many")
    assert Submission.objects.count() == bulk.MOST_ROWS


def test_rows_and_bodies_have_their_limits(fresh_db: str, secret: str, monkeypatch: pytest.MonkeyPatch) -> None:
    (row,) = sent(fresh_db, secret, LINES + b'\n{"a": "' + b"x" * 2_000 + b'"}')
    assert (row.status, row.json["code"]) == (413, "too_large")
    monkeypatch.setattr(bulk, "MOST_BYTES", 50)
    (whole,) = sent(fresh_db, secret, LINES)
    assert whole.status == 413
    assert not Submission.objects.exists()


def test_only_other_systems_send_many(fresh_db: str, save: Any, secret: str) -> None:
    save("web", kind=PortalKind.BROWSER, origins=("*",))
    save("form", kind=PortalKind.TYPEFORM)
    answers = [sent(fresh_db, secret, LINES, path=f"{name}/bulk")[0].status for name in ("form", "nowhere")]
    assert answers == [403, 404]
    assert sent(fresh_db, "llp_wrong", LINES)[0].status == 401


def test_while_the_database_is_away_nothing_is_acknowledged(fresh_db: str, secret: str) -> None:
    async def run() -> Answer | None:
        opened = door.Door(fresh_db, most_bytes=2_000)
        await call(opened, "/api/capture/api/bulk", LINES, headers={"authorization": f"Bearer {secret}"})
        await opened._heavy.close()
        opened._heavy._dsn = "host=/nowhere dbname=none"
        try:
            return await call(opened, "/api/capture/api/bulk", LINES, headers={"authorization": f"Bearer {secret}"})
        finally:
            await opened.close()

    answer = asyncio.run(run())
    assert answer is not None
    assert (answer.status, answer.headers["retry-after"]) == (503, "2")
    assert Submission.objects.count() == len(ROWS)
