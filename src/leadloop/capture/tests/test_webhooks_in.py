"""Webhooks of platforms, as their servers send them: shown to be genuine, stored, answered, and read in their words."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from leadloop.capture import door, queries, services
from leadloop.capture.contracts import PortalKind, PortalRow
from leadloop.capture.doors import FETCHING, HookScheme, Proof
from leadloop.capture.models import DoorCount, PortalHook, Submission
from leadloop.capture.tests import platforms
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.conftest import NOW
from leadloop.capture.tests.platforms import SECRET, VERIFY
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane, by_user
from leadloop.ledger.models import Event

Sign = Callable[..., dict[str, str]]
WAYS: dict[PortalKind, tuple[Sign, bytes]] = {
    PortalKind.META: (platforms.meta, platforms.meta_body("9001")),
    PortalKind.LINKEDIN: (platforms.linkedin, platforms.linkedin_told()),
    PortalKind.GOOGLE_ADS: (platforms.unsigned, platforms.google_body()),
    PortalKind.TYPEFORM: (platforms.typeform, platforms.typeform_body()),
    PortalKind.CALENDLY: (platforms.calendly, platforms.calendly_body()),
    PortalKind.WEBHOOK: (platforms.generic, platforms.generic_body()),
}
SIGNED = {kind: way for kind, way in WAYS.items() if kind is not PortalKind.GOOGLE_ADS}


@pytest.fixture
def portal_of(fresh_db: str, save: Any, cast: Any) -> Callable[..., PortalRow]:
    """A portal of a kind, with the secrets that its platform shares with it."""

    def make(kind: PortalKind, **changed: Any) -> PortalRow:
        portal: PortalRow = save("hook", kind=kind, **changed)
        secrets = {"secret": SECRET} | ({"verify_token": VERIFY} if kind is PortalKind.META else {})
        services.set_secrets(portal_id=portal.id, secrets=secrets, actor=by_user(cast.user["ada"]), now=NOW)
        return portal

    return make


def at_the_door(dsn: str, *requests: tuple[bytes, dict[str, str]], **options: Any) -> list[Answer]:
    async def run() -> list[Answer]:
        opened = door.Door(dsn, most_bytes=100_000)
        try:
            return [await call(opened, "/api/capture/hook", body, headers=given, **options) for body, given in requests]
        finally:
            await opened.close()

    return asyncio.run(run())


def read() -> Any:
    """What intake makes of what waits."""
    parsed, unreadable = services.read(services.claim(lane=Lane.LIVE, limit=10, now=NOW), now=NOW)
    return parsed[0] if parsed else unreadable[0]


@pytest.mark.parametrize("kind", WAYS)
def test_what_a_platform_signed_is_stored_before_it_is_answered_and_replays_count_once(
    kind: PortalKind, portal_of: Any, fresh_db: str
) -> None:
    portal_of(kind)
    sign, body = WAYS[kind]
    first, again = at_the_door(fresh_db, (body, sign(body)), (body, sign(body)))
    assert (first.status, first.json) == (200, {"stored": 1, "known": 0})
    assert (again.status, again.json) == (200, {"stored": 0, "known": 1})
    assert Submission.objects.count() == 1


@pytest.mark.parametrize("kind", WAYS)
def test_what_is_not_signed_with_the_secret_is_refused_counted_and_not_stored(
    kind: PortalKind, portal_of: Any, fresh_db: str
) -> None:
    portal = portal_of(kind)
    sign, body = WAYS[kind]
    forged = platforms.google_body(key="wrong-key") if kind is PortalKind.GOOGLE_ADS else body
    answers = at_the_door(fresh_db, (forged, sign(forged, "another secret")), (b"{}", {}))
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(401, "signature")] * 2
    assert not Submission.objects.exists()
    assert queries.health(portal.id, now=NOW).turned_away == {"signature": 2}
    assert all(SECRET not in answer.body.decode() for answer in answers)


@pytest.mark.parametrize("kind", SIGNED)
def test_signatures_are_those_of_the_bytes_not_of_what_they_mean(
    kind: PortalKind, portal_of: Any, fresh_db: str
) -> None:
    portal_of(kind)
    sign, body = SIGNED[kind]
    (answer,) = at_the_door(fresh_db, (body + b" ", sign(body)))
    assert answer.status == 401


@pytest.mark.parametrize("kind", WAYS)
def test_a_portal_without_a_secret_takes_nothing(kind: PortalKind, save: Any, fresh_db: str) -> None:
    save("hook", kind=kind)
    sign, body = WAYS[kind]
    (answer,) = at_the_door(fresh_db, (body, sign(body, "")))
    assert (answer.status, answer.json["code"]) == (401, "no_secret")
    assert not Submission.objects.exists()


@pytest.mark.parametrize("kind", SIGNED)
def test_signed_bodies_that_cannot_be_read_are_kept_and_go_to_quarantine(
    kind: PortalKind, portal_of: Any, fresh_db: str
) -> None:
    portal_of(kind)
    bodies = [b"\xff\x00 not JSON", b"[" * 10_000, b'{"a": NaN}', b"[1, 2]", b""]
    answers = at_the_door(fresh_db, *((body, SIGNED[kind][0](body)) for body in bodies))
    assert [answer.status for answer in answers] == [200] * len(bodies)
    assert [bytes(row.body) for row in Submission.objects.order_by("id")] == bodies
    parsed, unreadable = services.read(services.claim(lane=Lane.LIVE, limit=10, now=NOW), now=NOW)
    assert parsed == []
    assert [one.code for one in unreadable] == ["unreadable", "too_deep", "unreadable", "not_an_object", "empty"]


def test_meta_asks_once_whether_the_address_is_ours(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.META)
    asked = f"hub.mode=subscribe&hub.verify_token={VERIFY}&hub.challenge=1158201444"
    (right,) = at_the_door(fresh_db, (b"", {}), method="GET", query=asked)
    assert (right.status, right.body, right.headers["content-type"][:10]) == (200, b"1158201444", "text/plain")
    (wrong,) = at_the_door(fresh_db, (b"", {}), method="GET", query=asked.replace(VERIFY, "guess"))
    assert (wrong.status, wrong.json["code"]) == (403, "challenge")
    (other,) = at_the_door(fresh_db, (b"", {}), method="GET", query=asked.replace("subscribe", "else"))
    assert other.status == 403


def test_linkedin_asks_again_and_again(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.LINKEDIN)
    code = "890e4665-4dfe-4ab1-b689-ed553bceeed0"
    (answer,) = at_the_door(fresh_db, (b"", {}), method="GET", query=f"challengeCode={code}&applicationId=1")
    right = platforms.signature(code.encode()).hex()
    assert (answer.status, answer.json) == (200, {"challengeCode": code, "challengeResponse": right})
    (without,) = at_the_door(fresh_db, (b"", {}), method="GET")
    assert without.status == 403


def test_others_are_not_asked_with_get(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.TYPEFORM)
    (answer,) = at_the_door(fresh_db, (b"", {}), method="GET")
    assert answer.status == 405


def test_one_message_of_meta_may_tell_of_many_leads_each_to_be_fetched(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.META)
    body = platforms.meta_body("1", "2", "3")
    other = platforms.meta_body("9", field="feed")
    answers = at_the_door(fresh_db, (body, platforms.meta(body)), (other, platforms.meta(other)))
    assert [answer.json["stored"] for answer in answers] == [3, 0]
    rows = Submission.objects.order_by("context__fetch").values_list("lane", "context")
    assert list(rows) == [(FETCHING, {"fetch": number}) for number in "123"]
    assert DoorCount.objects.get().reason == "no_event"
    assert services.claim(lane=Lane.LIVE, limit=10, now=NOW) == []


def test_a_number_that_is_none_is_never_asked_for(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.META)
    body = platforms.meta_body("../me?fields=secret")
    at_the_door(fresh_db, (body, platforms.meta(body)))
    assert Submission.objects.get().lane == int(Lane.LIVE)
    assert read().code == "no_contact"


def test_googles_key_is_kept_nowhere_and_its_rehearsals_are_no_leads(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.GOOGLE_ADS)
    body = platforms.google_body(test=True)
    at_the_door(fresh_db, (body, {}))
    assert SECRET.encode() not in bytes(Submission.objects.get().body)
    held = read()
    assert held.code == "test_lead"
    services.quarantine([held], actor=by_user(1), now=NOW)
    services.replay([held.submission_id], actor=by_user(1), now=NOW)
    released = read()
    assert (released.candidate.email, released.candidate.attributes["is_test"]) == ("ada@moreau.example", "yes")


def test_googles_lead_is_read_in_its_words(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.GOOGLE_ADS)
    at_the_door(fresh_db, (platforms.google_body("L-77"), {}))
    lead = read()
    assert (lead.candidate.email, lead.candidate.company_name) == ("ada@moreau.example", "Moreau SARL")
    assert (lead.external_id, lead.touch["gclid"]) == ("L-77", "Gcl-abc-1")


def test_typeform_answers_are_called_by_what_was_asked(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.TYPEFORM, mapping={"when": "timing"})
    body = platforms.typeform_body()
    again = platforms.typeform_body(event="ev-2")  # sent again by hand: another event, the same answers
    answers = at_the_door(fresh_db, (body, platforms.typeform(body)), (again, platforms.typeform(again)))
    assert [answer.json["known"] for answer in answers] == [0, 1]
    lead = read()
    assert (lead.candidate.given, lead.candidate.email) == ("Noor", "noor@haddad.example")
    assert (lead.answers, lead.touch) == ({"timing": "This quarter"}, {"utm_source": "newsletter"})
    assert (lead.external_id, lead.happened_at) == ("tok-1", NOW)


def test_a_booking_is_read_and_a_cancelled_one_is_no_inquiry(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.CALENDLY)
    body, cancelled = platforms.calendly_body(), platforms.calendly_body(event="invitee.canceled")
    answers = at_the_door(fresh_db, (body, platforms.calendly(body)), (cancelled, platforms.calendly(cancelled)))
    assert [answer.json for answer in answers] == [{"stored": 1, "known": 0}, {"stored": 0, "known": 0}]
    lead = read()
    assert (lead.candidate.family, lead.candidate.company_name) == ("Vogt", "Vogt KG")
    assert lead.touch == {"utm_source": "mail"}
    assert lead.candidate.attributes["meeting begins"].startswith("2026-03-05T13:00")


def test_a_booking_that_was_signed_long_ago_is_refused(portal_of: Any, fresh_db: str) -> None:
    portal = portal_of(PortalKind.CALENDLY)
    body = platforms.calendly_body()
    (old,) = at_the_door(fresh_db, (body, platforms.calendly(body, at=1_700_000_000)))
    assert (old.status, old.json["code"]) == (401, "stale")
    assert queries.health(portal.id, now=NOW).turned_away == {"stale": 1}
    assert services.forget_refusals(before=NOW) == 0
    assert services.forget_refusals(before=clock.now()) == 1


def test_a_general_webhook_says_where_things_stand(portal_of: Any, fresh_db: str, cast: Any) -> None:
    portal = portal_of(
        PortalKind.WEBHOOK, mapping={"$.data.contacts[0].mail": "email", "data.contacts[0].who": "full_name"}
    )
    scheme = HookScheme(
        proof=Proof.HMAC_SHA512, header="X-Acme-Signature", prefix="v1=", encoding="base64", event_path="$.meta.event"
    )
    services.set_scheme(portal_id=portal.id, scheme=scheme, actor=by_user(cast.user["ada"]), now=NOW)
    body, later = platforms.generic_body(), platforms.generic_body().replace(b"Please call", b"Please do call")

    def sign(message: bytes) -> dict[str, str]:
        made = platforms.base64.b64encode(platforms.signature(message, algorithm="sha512")).decode()
        return {"x-acme-signature": f"v1={made}"}

    answers = at_the_door(fresh_db, (body, sign(body)), (later, sign(later)), (body, platforms.generic(body)))
    assert [answer.status for answer in answers] == [200, 200, 401]
    assert answers[1].json == {"stored": 0, "known": 1}  # the same event, however it is told
    lead = read()
    assert (lead.candidate.email, lead.candidate.given) == ("rui@costa.example", "Rui")
    assert lead.message == "Please call"


def test_a_general_webhook_may_show_the_secret_itself(portal_of: Any, fresh_db: str, cast: Any) -> None:
    portal = portal_of(PortalKind.WEBHOOK)
    scheme = HookScheme(proof=Proof.SECRET, header="X-Api-Key")
    services.set_scheme(portal_id=portal.id, scheme=scheme, actor=by_user(cast.user["ada"]), now=NOW)
    body = platforms.generic_body()
    answers = at_the_door(fresh_db, (body, {"x-api-key": SECRET}), (body, {"x-api-key": SECRET[:-1]}), (body, {}))
    assert [answer.status for answer in answers] == [200, 401, 401]


def test_secrets_are_sealed_and_said_nowhere(portal_of: Any, fresh_db: str) -> None:
    portal = portal_of(PortalKind.META)
    row = PortalHook.objects.get()
    assert SECRET not in row.sealed
    assert (row.held, queries.hook(portal.id).held) == (["secret", "verify_token"], {"secret", "verify_token"})
    fact = Event.objects.get(kind="portal.secrets_set")
    assert fact.payload["names"] == ["secret", "verify_token"]
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from ledger_event where payload::text like %s", [f"%{SECRET}%"])
        assert cursor.fetchone() == (0,)


def test_too_much_is_refused_while_it_arrives(portal_of: Any, fresh_db: str) -> None:
    portal_of(PortalKind.TYPEFORM)
    body = b'{"a": "' + b"x" * 100_000 + b'"}'
    (answer,) = at_the_door(fresh_db, (body, platforms.typeform(body)))
    assert answer.status == 413
