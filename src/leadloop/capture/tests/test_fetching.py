"""Leads that a platform only tells of: asked for after the answer, again when it fails, never lost."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import orjson
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.capture import erasure, services
from leadloop.capture.contracts import Delivery, PortalKind, Settled
from leadloop.capture.door.hooks.signed import event_key
from leadloop.capture.doors import FETCHING, Got, Missed, Wanted
from leadloop.capture.inbox import store
from leadloop.capture.models import Fetch, Submission
from leadloop.capture.retrieval import FETCHERS, NotGot
from leadloop.capture.rules import FETCH_AGAIN, fetch_again
from leadloop.capture.tests import platforms
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.platforms import SECRET
from leadloop.ledger.contracts import Lane, by_system, by_user
from leadloop.platform import config
from tests.support.statements import count

CLOCK = by_system("fetching")
TOKEN = "page-token-of-the-company"


@dataclass
class Platform:
    """A server that answers as the platform does; `asked` is what it was asked, with its headers."""

    url: str
    answers: dict[str, tuple[int, Any]] = field(default_factory=dict)
    asked: list[tuple[str, Mapping[str, list[str]], Mapping[str, str]]] = field(default_factory=list)


@pytest.fixture
def platform(monkeypatch: pytest.MonkeyPatch) -> Iterator[Platform]:
    found = Platform("")

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            parts = urlsplit(self.path)
            found.asked.append((parts.path, parse_qs(parts.query), dict(self.headers)))
            status, said = found.answers.get(parts.path, (404, {}))
            body = said if isinstance(said, bytes) else json.dumps(said).encode()
            self.send_response(status)
            if status == 302:
                self.send_header("Location", "/elsewhere")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: Any) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    found.url = f"http://127.0.0.1:{server.server_port}"
    monkeypatch.setenv("LEADLOOP_META_URL", f"{found.url}/v24.0")
    monkeypatch.setenv("LEADLOOP_LINKEDIN_URL", f"{found.url}/rest")
    config.load.cache_clear()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()
    monkeypatch.undo()
    config.load.cache_clear()


def a_lead(kind: PortalKind = PortalKind.META, number: str = "9001", **secrets: str) -> Wanted:
    given = {"secret": SECRET, "access_token": TOKEN} | secrets
    return Wanted(1, 1, kind, number, 1, given)


def test_metas_lead_is_asked_for_with_a_token_that_alone_is_no_use(platform: Platform) -> None:
    platform.answers["/v24.0/9001"] = (200, platforms.meta_lead("9001"))
    got = orjson.loads(FETCHERS[PortalKind.META](a_lead()))
    assert got["id"] == "9001"
    ((_, asked, headers),) = platform.asked
    assert headers["Authorization"] == f"Bearer {TOKEN}"
    assert asked["appsecret_proof"] == [platforms.signature(TOKEN.encode()).hex()]
    assert "access_token" not in asked  # what stands in an address stands in logs


def test_linkedins_answers_come_with_what_was_asked(platform: Platform) -> None:
    platform.answers["/rest/leadFormResponses/aa11bb22-3"] = (200, platforms.linkedin_lead())
    platform.answers["/rest/leadForms/9001"] = (200, platforms.LINKEDIN_FORM)
    got = orjson.loads(FETCHERS[PortalKind.LINKEDIN](a_lead(PortalKind.LINKEDIN, "aa11bb22-3")))
    assert got["questions"] == {"501": "EMAIL", "502": "FIRST_NAME", "503": "Last name", "504": "Company"}
    assert {headers["X-Restli-Protocol-Version"] for _, _, headers in platform.asked} == {"2.0.0"}
    assert {headers["LinkedIn-Version"] for _, _, headers in platform.asked} == {config.load().linkedin_version}


@pytest.mark.parametrize(
    ("status", "said", "code", "final"),
    [
        (401, {"error": {"code": 190, "message": "expired"}}, "refused", False),
        (400, {"error": {"code": 190}}, "refused", False),
        (400, {"error": {"code": 100}}, "gone", True),
        (400, {"error": {"code": 4}}, "busy", False),
        (429, {}, "busy", False),
        (404, {}, "gone", True),
        (500, b"oops", "away", False),
        (200, b"<html>", "strange", False),
        (200, [1], "strange", False),
        (302, {}, "strange", False),
        (200, b"{" + b" " * (1 << 20) + b"}", "strange", False),
    ],
)
def test_what_the_platform_says_is_understood_and_no_redirect_is_followed(
    platform: Platform, status: int, said: Any, code: str, final: bool
) -> None:
    platform.answers["/v24.0/9001"] = (status, said)
    with pytest.raises(NotGot) as missed:
        FETCHERS[PortalKind.META](a_lead())
    assert (missed.value.code, missed.value.final) == (code, final)
    assert len(platform.asked) == 1


def test_without_a_token_or_an_answer_nothing_is_got(platform: Platform, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotGot) as without:
        FETCHERS[PortalKind.META](a_lead(access_token=""))
    assert without.value.code == "no_token"
    monkeypatch.setenv("LEADLOOP_META_URL", "http://127.0.0.1:9")
    config.load.cache_clear()
    with pytest.raises(NotGot) as away:
        FETCHERS[PortalKind.META](a_lead())
    assert away.value.code == "away"
    assert platform.asked == []


def test_waits_grow_up_to_two_days() -> None:
    waits = [fetch_again(attempts) for attempts in range(1, len(FETCH_AGAIN) + 2)]
    assert waits[-1] is None
    known = [wait for wait in waits if wait]
    assert known == sorted(known)
    assert timedelta(days=1) < sum(known, timedelta()) < timedelta(days=3)


@pytest.fixture
def told(db: None, save: Any, cast: Any) -> Any:
    """A portal that was told of some leads."""

    def make(*numbers: str) -> list[int]:
        portal = save("meta", kind=PortalKind.META)
        secrets = {"secret": SECRET, "access_token": TOKEN}
        services.set_secrets(portal_id=portal.id, secrets=secrets, actor=by_user(cast.user["ada"]), now=NOW)
        rows = [
            Delivery(
                portal_id=portal.id, key=event_key(n, b""), body=b'{"leadgen_id":%s}' % n.encode(), context={"fetch": n}
            )
            for n in numbers
        ]
        return [one.submission_id for one in store(rows, lane=FETCHING, received_at=NOW)]  # type: ignore[arg-type]

    return make


def due(now: datetime = NOW, limit: int = 10) -> list[Wanted]:
    return services.wanted(limit=limit, now=now)


def test_a_lead_that_was_fetched_goes_to_intake_and_what_was_told_is_kept(told: Any) -> None:
    (one,) = told("9001")
    assert services.claim(lane=Lane.LIVE, limit=10, now=NOW) == []
    (wanted,) = due()
    assert (wanted.number, wanted.secrets["access_token"]) == ("9001", TOKEN)
    assert TOKEN not in repr(wanted)
    assert due() == []  # held
    assert services.fetched([Got(one, orjson.dumps(platforms.meta_lead("9001")))], now=NOW) == 1
    assert bytes(Fetch.objects.get().told) == b'{"leadgen_id":9001}'
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=10, now=NOW), now=NOW)
    assert (parsed[0].candidate.email, parsed[0].external_id) == ("ines@kessel.example", "9001")
    assert parsed[0].candidate.attributes == {"how_many_seats": "40", "form_id": "4711000000002"}
    assert services.fetched([Got(one, b"{}")], now=NOW) == 0  # once


def test_what_was_told_goes_with_the_person_it_led_to(told: Any) -> None:
    (one,) = told("9001")
    due()
    services.fetched([Got(one, orjson.dumps(platforms.meta_lead("9001")))], now=NOW)
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=10, now=NOW), now=NOW)
    services.settle([(parsed[0], Settled(one, 100, 200, "new"))], actor=CLOCK, now=NOW)
    with connection.cursor() as cursor:
        erasure.erase(cursor, [100])
    assert bytes(Fetch.objects.get().told) == b""
    row = Submission.objects.get()
    assert (bytes(row.body), row.context) == (b"", {})
    assert "9001" not in row.delivery_key


def test_who_asks_and_dies_is_succeeded(told: Any) -> None:
    told("1")
    assert len(due()) == 1
    assert due(NOW + timedelta(minutes=2)) == []
    assert due(NOW + timedelta(minutes=4))[0].attempts == 2


def test_it_is_asked_again_later_and_at_once_with_a_new_token(told: Any, cast: Any) -> None:
    (one,) = told("1")
    due()
    services.missed([Missed(one, 3, "refused", False)], actor=CLOCK, now=NOW)
    assert due(NOW + timedelta(seconds=59)) == []
    portal_id = Submission.objects.get().portal_id
    actor = by_user(cast.user["ada"])
    services.set_secrets(portal_id=portal_id, secrets={"access_token": "a-new-token"}, actor=actor, now=NOW)
    assert due()[0].secrets["access_token"] == "a-new-token"


def test_what_cannot_be_had_waits_in_quarantine_and_can_be_asked_for_again(told: Any) -> None:
    first, second = told("1", "2")
    due()
    given_up = len(FETCH_AGAIN) + 1
    misses = [Missed(first, 1, "gone", True), Missed(second, given_up, "away", False)]
    services.missed(misses, actor=CLOCK, now=NOW)
    assert set(Submission.objects.values_list("state", "reason_code")) == {("quarantined", "not_fetched")}
    assert due(NOW + timedelta(days=9)) == []
    services.replay([first], actor=CLOCK, now=NOW)
    assert services.claim(lane=Lane.LIVE, limit=10, now=NOW) == []
    assert [one.number for one in due()] == ["1"]
    # Whoever knows what it says may enter it instead.
    services.replay([second], actor=CLOCK, now=NOW, corrected={second: {"email": "by@hand.example"}})
    parsed, _ = services.read(services.claim(lane=Lane.LIVE, limit=10, now=NOW), now=NOW)
    assert parsed[0].candidate.email == "by@hand.example"


def count_of(work: Callable[[], Any]) -> int:
    with CaptureQueriesContext(connection) as queries:
        work()
    return count(queries)


def test_statements_do_not_depend_on_how_many_there_are(told: Any) -> None:
    counts = []
    for numbers in (["1"], [str(number) for number in range(10, 40)]):
        ids = told(*numbers)
        counts.append(
            [
                count_of(lambda: due(limit=100)),
                count_of(
                    lambda ids=ids: services.missed([Missed(i, 1, "away", False) for i in ids], actor=CLOCK, now=NOW)
                ),
                count_of(lambda ids=ids: services.fetched([Got(i, b"{}") for i in ids], now=NOW)),
            ]
        )
    assert counts[0] == counts[1]
