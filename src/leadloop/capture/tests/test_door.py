"""The capture door as senders meet it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from leadloop.capture import door, services
from leadloop.capture.contracts import PortalKind
from leadloop.capture.models import Portal, Submission
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.conftest import NOW
from leadloop.ledger.contracts import by_user

BODY = b'{"email": "ann@example.com"}'
Story = Callable[[Any], Awaitable[Any]]


@pytest.fixture
def secret(fresh_db: str, save: Any, cast: Any) -> str:
    portal = save("api")
    return services.new_token(portal_id=portal.id, actor=by_user(cast.user["ada"]), now=NOW)


def at_the_door(story: Story, dsn: str, **options: Any) -> Any:
    """Open a door, run the story, close it."""

    async def run() -> Any:
        opened = door.Door(dsn, most_bytes=options.pop("most_bytes", 1000), **options)
        try:
            return await story(opened)
        finally:
            await opened.close()

    return asyncio.run(run())


def bearer(secret: str, **more: str) -> dict[str, str]:
    return {"authorization": f"Bearer {secret}", "content-type": "application/json"} | more


def post(dsn: str, path: str, body: Any = BODY, **options: Any) -> Answer:
    return at_the_door(lambda app: call(app, path, body, **options), dsn)


def test_what_was_answered_202_is_stored_unread(fresh_db: str, secret: str) -> None:
    answer = post(fresh_db, "/api/capture/api", b"not even JSON \xff\x00", headers=bearer(secret))
    assert answer.status == 202
    assert answer.json["status"] == "stored"
    stored = Submission.objects.get(id=int(answer.json["id"]))
    assert bytes(stored.body) == b"not even JSON \xff\x00"
    assert (stored.state, stored.content_type, stored.lane) == ("received", "application/json", 0)


def test_a_wrong_or_missing_secret_opens_nothing(fresh_db: str, secret: str) -> None:
    for headers in ({}, bearer("llp_wrong"), {"authorization": f"Basic {secret}"}):
        answer = post(fresh_db, "/api/capture/api", headers=headers)
        assert answer.status == 401
        assert answer.headers["www-authenticate"] == "Bearer"
    assert not Submission.objects.exists()


def test_an_unknown_and_a_closed_portal_look_the_same(fresh_db: str, secret: str, save: Any) -> None:
    save("old", is_on=False)
    answers = [post(fresh_db, f"/api/capture/{name}", headers=bearer(secret)) for name in ("nowhere", "old", "a/b")]
    assert [answer.status for answer in answers] == [404, 404, 404]
    assert len({answer.body for answer in answers}) == 1


def test_a_portal_for_our_own_people_has_no_door(fresh_db: str, save: Any) -> None:
    save("fair", kind=PortalKind.STAFF)
    assert post(fresh_db, "/api/capture/fair").status == 403


def test_reading_is_not_possible(fresh_db: str, secret: str) -> None:
    answer = post(fresh_db, "/api/capture/api", method="GET", headers=bearer(secret))
    assert (answer.status, answer.headers["allow"]) == (405, "POST, OPTIONS")


def test_too_much_is_refused_while_it_arrives(fresh_db: str, secret: str) -> None:
    announced = post(fresh_db, "/api/capture/api", b"", headers=bearer(secret, **{"content-length": "1001"}))
    assert announced.status == 413
    # The sender says nothing about the length and would go on: what comes after the limit is never asked for.
    pieces = [b"x" * 600, b"x" * 600, b"x" * 600]
    unannounced = post(fresh_db, "/api/capture/api", pieces, headers=bearer(secret))
    assert (unannounced.status, unannounced.headers["connection"]) == (413, "close")
    assert post(fresh_db, "/api/capture/api", b"x" * 1000, headers=bearer(secret)).status == 202


def test_a_sender_that_hangs_up_leaves_nothing(fresh_db: str, secret: str) -> None:
    answer = at_the_door(
        lambda app: call(app, "/api/capture/api", BODY, headers=bearer(secret), hang_up=True), fresh_db
    )
    assert answer is None
    assert not Submission.objects.exists()


def test_the_same_key_and_body_count_once(fresh_db: str, secret: str) -> None:
    keyed = bearer(secret, **{"idempotency-key": "order 4711"})

    async def story(app: Any) -> list[Answer]:
        together = await asyncio.gather(*(call(app, "/api/capture/api", BODY, headers=keyed) for _ in range(20)))
        later = await call(app, "/api/capture/api", BODY, headers=keyed)
        return [*together, later]

    answers = at_the_door(story, fresh_db)
    assert {answer.status for answer in answers} == {202}
    assert len({answer.json["id"] for answer in answers}) == 1
    assert sorted(answer.json["status"] for answer in answers) == ["known"] * 20 + ["stored"]
    assert Submission.objects.count() == 1


def test_the_same_key_with_another_body_is_refused(fresh_db: str, secret: str) -> None:
    keyed = bearer(secret, **{"idempotency-key": "k1"})

    async def story(app: Any) -> list[Answer]:
        first = await call(app, "/api/capture/api", BODY, headers=keyed)
        both = await asyncio.gather(
            call(app, "/api/capture/api", b"other", headers=keyed), call(app, "/api/capture/api", BODY, headers=keyed)
        )
        return [first, *both]

    first, other, again = at_the_door(story, fresh_db)
    assert (first.status, other.status, again.status) == (202, 422, 202)
    assert other.json["code"] == "key_reused"


def test_a_key_that_cannot_be_kept_is_refused(fresh_db: str, secret: str) -> None:
    long = bearer(secret, **{"idempotency-key": "k" * 201})
    assert post(fresh_db, "/api/capture/api", headers=long).status == 422


def test_requests_that_meet_share_a_commit_and_each_gets_its_own_answer(fresh_db: str, secret: str) -> None:
    bodies = [b'{"n": %d}' % n for n in range(200)]

    async def story(app: Any) -> list[Answer]:
        return await asyncio.gather(*(call(app, "/api/capture/api", b, headers=bearer(secret)) for b in bodies))

    answers = at_the_door(story, fresh_db)
    stored = {str(row.id): bytes(row.body) for row in Submission.objects.all()}
    assert [stored[answer.json["id"]] for answer in answers] == bodies


def test_one_impossible_delivery_does_not_harm_the_others(fresh_db: str, secret: str) -> None:
    """A NUL can't be kept as text: the content type is the one thing of a sender's that is."""

    async def story(app: Any) -> list[Answer]:
        calls = [call(app, "/api/capture/api", BODY, headers=bearer(secret)) for _ in range(5)]
        bad = bearer(secret) | {"content-type": "text/\x00"}
        return await asyncio.gather(*calls, call(app, "/api/capture/api", BODY, headers=bad))

    *good, bad = at_the_door(story, fresh_db, links=1)
    assert {answer.status for answer in good} == {202}
    assert bad.status == 422
    assert Submission.objects.count() == 5


def test_a_page_of_a_listed_origin_may_deliver(fresh_db: str, save: Any) -> None:
    save("web", kind=PortalKind.BROWSER, origins=("https://www.example.com",))
    page = {"origin": "https://www.example.com", "referer": "https://www.example.com/a?utm_source=x", "user-agent": "B"}

    async def story(app: Any) -> tuple[Answer, Answer]:
        asked = await call(app, "/api/capture/portal-web", method="OPTIONS", headers=page)
        return asked, await call(app, "/api/capture/portal-web", BODY, headers=page, query="utm_term=y")

    asked, answer = at_the_door(story, fresh_db)
    assert asked.status == 204
    assert asked.headers["access-control-allow-origin"] == "https://www.example.com"
    assert "idempotency-key" in asked.headers["access-control-allow-headers"]
    assert "access-control-allow-credentials" not in asked.headers
    assert (answer.status, answer.headers["vary"]) == (202, "origin")
    assert Submission.objects.get().context == {
        "query": "utm_term=y",
        "agent": "B",
        "referrer": "https://www.example.com/a?utm_source=x",
        "origin": "https://www.example.com",
        "address": "203.0.113.9",
    }


def test_other_origins_and_no_origin_may_not(fresh_db: str, save: Any) -> None:
    save("web", kind=PortalKind.BROWSER, origins=("https://www.example.com",))
    for origin in ("https://evil.example", "null", "https://www.example.com.evil.example"):
        answer = post(fresh_db, "/api/capture/web", headers={"origin": origin})
        assert answer.status == 403
        assert "access-control-allow-origin" not in answer.headers
    assert post(fresh_db, "/api/capture/web").status == 403


def test_a_flood_from_one_address_is_held_back_and_others_are_not(fresh_db: str, save: Any) -> None:
    save("web", kind=PortalKind.BROWSER, origins=("*",))
    page = {"origin": "https://a.example"}

    async def story(app: Any) -> tuple[list[Answer], Answer, Answer]:
        flood = [await call(app, "/api/capture/web", BODY, headers=page) for _ in range(40)]
        other = await call(app, "/api/capture/web", BODY, headers=page, client="198.51.100.7")
        behind = await call(
            app, "/api/capture/web", BODY, headers=page | {"x-forwarded-for": "1.1.1.1, 192.0.2.5"}, client="127.0.0.1"
        )
        return flood, other, behind

    flood, other, behind = at_the_door(story, fresh_db)
    held = [answer for answer in flood if answer.status == 429]
    assert 15 <= len(held) <= 20
    assert int(held[0].headers["retry-after"]) >= 1
    assert (other.status, behind.status) == (202, 202)


def test_a_revoked_secret_and_a_new_portal_are_noticed_within_two_seconds(fresh_db: str, secret: str) -> None:
    async def story(app: Any) -> tuple[Answer, Answer]:
        before = await call(app, "/api/capture/api", BODY, headers=bearer(secret))
        await asyncio.to_thread(Portal.objects.filter(key="api").update, token_digest="")
        app._gate._read_at -= 2.0  # two seconds pass
        return before, await call(app, "/api/capture/api", BODY, headers=bearer(secret))

    before, after = at_the_door(story, fresh_db)
    assert (before.status, after.status) == (202, 401)


def test_the_servers_own_door_opens_by_itself(fresh_db: str, secret: str) -> None:
    async def story() -> Answer | None:
        try:
            return await call(door.door, "/api/capture/api", BODY, headers=bearer(secret))
        finally:
            await door.shutdown()
            await door.shutdown()

    answer = asyncio.run(story())
    assert answer is not None
    assert answer.status == 202
