"""Through the doors for programs and platforms into the house: what comes genuine becomes a lead, whatever it holds."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest
from django.test import Client

from leadloop.agreement.queries import in_force
from leadloop.capture import queries as inbox
from leadloop.capture import services as capture
from leadloop.capture.contracts import PortalKind
from leadloop.capture.door import Door
from leadloop.capture.doors import HookScheme, Proof, Wanted
from leadloop.capture.retrieval import NotGot
from leadloop.capture.services.portals import PortalIn
from leadloop.capture.tests import platforms
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.platforms import SECRET
from leadloop.front.tests.pages import as_user
from leadloop.kernel import clock
from leadloop.leads.contracts import Stage
from leadloop.leads.queries import listing
from leadloop.ledger.contracts import by_system
from leadloop.ledger.queries import parked
from leadloop.loop import fetching
from leadloop.loop.notices.reading import notices
from leadloop.outreach.models import Message
from leadloop.people.queries import people
from leadloop.platform.models import User
from tests.stories.house import SETUP, House, open_house
from tests.support.aside import run_aside
from tests.support.cast import Cast

HOSTILE = {
    "name": "Eve\r\nBcc: all@victims.example",
    "email": "eve@evil.example",
    "company": "<script>alert(1)</script> Ltd",
    "title": '"><img src=x onerror=alert(1)>',
    "message": "{{ settings.SECRET_KEY }} <b>bold</b>\r\nBcc: x@y.example",
    "website": "javascript:alert(1)\r\nSet-Cookie: a=b",
    "utm_source": "<svg onload=alert(1)>\r\nX: y",
    '=HYPERLINK("http://evil.example")': "=cmd|' /C calc'!A0",
}
GRAB = {"owner": "Ruth", "owner_id": 1, "status": "won", "converted": True, "is_staff": True, "roles": ["admin"]}
GRAB |= {"score": 100, "grade": "A", "stage": "won", "id": 7, "team_id": 2, "person_id": 1, "lead_id": 1}


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    """Open today: the door stamps what comes with the time of the database."""
    made = open_house(cast)
    made.now = clock.now()
    return made


@pytest.fixture
def at_the_door(fresh_db: str) -> Callable[..., list[Answer]]:
    def knock(*requests: tuple[str, bytes, dict[str, str]]) -> list[Answer]:
        async def run() -> list[Answer]:
            opened = Door(fresh_db, most_bytes=1 << 20)
            try:
                return [
                    await call(opened, f"/api/capture/{path}", body, headers=given) for path, body, given in requests
                ]
            finally:
                await opened.close()

        return run_aside(run())

    return knock


def a_portal(house: House, kind: PortalKind, key: str = "hook", **secrets: str) -> int:
    wanted = PortalIn(
        key=key, name=key, kind=kind, owner_id=house.cast.user["tomas"], interest_id=house.cast.interest["general"]
    )
    portal_id = capture.save_portal(portal=wanted, actor=SETUP, now=house.now)
    if kind is PortalKind.WEBHOOK:
        scheme = HookScheme(proof=Proof.SECRET, header="x-key")
        capture.set_scheme(portal_id=portal_id, scheme=scheme, actor=SETUP, now=house.now)
    given = {"secret": SECRET, **secrets}
    capture.set_secrets(portal_id=portal_id, secrets=given, actor=SETUP, now=house.now)
    return portal_id


def leads(house: House) -> list[Any]:
    return list(listing(house.viewer("ruth"), filters={}, limit=50, now=house.now).rows)


def test_a_lead_of_meta_is_told_of_fetched_and_worked_though_the_platform_was_away(
    house: House, at_the_door: Any
) -> None:
    a_portal(house, PortalKind.META, access_token="token-of-the-page")
    body = platforms.meta_body("5001", "5002")
    (answer,) = at_the_door(("hook", body, platforms.meta(body)))
    assert answer.json == {"stored": 2, "known": 0}
    house.run()
    assert leads(house) == []  # nothing to read yet
    asked: list[str] = []

    def graph(wanted: Wanted) -> bytes:
        asked.append(wanted.number)
        if len(asked) < 3:
            raise NotGot("away")
        return orjson.dumps(platforms.meta_lead(wanted.number, f"p{wanted.number}@kessel.example"))

    with clock.at(house.now):
        assert fetching.turn({PortalKind.META: graph}) == 2
        assert fetching.turn({PortalKind.META: graph}) == 0
    with clock.at(house.now + timedelta(seconds=6)):
        assert fetching.turn({PortalKind.META: graph}) == 2
    house.run()
    found = people({lead.person_id for lead in leads(house)})
    assert {person.email for person in found.values()} == {"p5001@kessel.example", "p5002@kessel.example"}
    again = at_the_door(("hook", body, platforms.meta(body)))[0]
    assert again.json == {"stored": 0, "known": 2}
    house.run()
    assert len(leads(house)) == 2
    assert parked() == []
    assert house.breaches() == []


def test_many_at_once_become_leads_and_are_answered_for_one_by_one(house: House, at_the_door: Any) -> None:
    token = capture.new_token(portal_id=inbox.portal("api").id, actor=SETUP, now=house.now)
    rows = [{"email": f"p{number}@firm{number}.example", "company": f"Firm {number}"} for number in range(120)]
    body = b"\n".join(map(orjson.dumps, rows)) + b"\nbroken"
    given = {"authorization": f"Bearer {token}", "idempotency-key": "night"}
    first, again = at_the_door(("api/bulk", body, given), ("api/bulk", body, given))
    assert (first.json["stored"], first.json["refused"], again.json["known"]) == (120, 1, 120)
    house.run()
    page = listing(house.viewer("ruth"), filters={}, limit=200, now=house.now)
    assert len(page.rows) == 120
    (row,) = inbox.balance(first=house.now.date() - timedelta(days=1), last=house.now.date() + timedelta(days=1))
    assert (row.received, row.new, row.waiting) == (120, 120, 0)
    assert house.breaches() == []


@pytest.mark.parametrize("way", ["single", "bulk", "webhook"])
def test_what_would_hurt_elsewhere_is_text_here_and_nobody_grants_themselves_anything(
    way: str, house: House, at_the_door: Any
) -> None:
    token = capture.new_token(portal_id=inbox.portal("api").id, actor=SETUP, now=house.now)
    a_portal(house, PortalKind.WEBHOOK)
    body = orjson.dumps(HOSTILE | GRAB)
    bearer, key = {"authorization": f"Bearer {token}"}, {"x-key": SECRET}
    ways = {"single": ("api", body, bearer), "bulk": ("api/bulk", body, bearer), "webhook": ("hook", body, key)}
    (answer,) = at_the_door(ways[way])
    assert answer.status in (200, 202)
    before = list(User.objects.order_by("id").values_list("id", "roles", "team_id"))
    house.run()
    (lead,) = leads(house)
    assert (lead.stage, lead.closed_at) == (Stage.INQUIRY, None)
    assert lead.owner_id == in_force().clauses.stages[Stage.INQUIRY].keeper_id  # by the agreement, not by wish
    assert list(User.objects.order_by("id").values_list("id", "roles", "team_id")) == before
    person = people([lead.person_id])[lead.person_id]
    for text in (person.name, person.company_name, person.title, person.email):
        assert not set(text) & set("\r\n")
    mail = Message.objects.exclude(person_id=None).get()
    for text in (mail.subject, mail.to_address):
        assert not set(text) & set("\r\n")
    assert "SECRET" not in mail.text.replace("settings.SECRET_KEY", "")
    for client, path in ((as_user(house.cast, "ruth"), f"/leads/{lead.id}"), (as_user(house.cast, "ruth"), "/leads")):
        shown = _opened(client, path)
        assert "<script>alert" not in shown
        assert "<img src=x" not in shown
        assert "<svg onload" not in shown
        assert 'href="javascript:' not in shown
    assert house.breaches() == []


def _opened(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200
    assert "script-src" in answer.headers["Content-Security-Policy"]
    return answer.content.decode()


BODIES = {
    "nested": b'{"a":' * 10_000 + b"1" + b"}" * 10_000,
    "not a number": b'{"email": "a@b.example", "n": NaN}',
    "said twice": b'{"email": "a@b.example", "email": "c@d.example"}',
    "wrong types": b'{"email": {"x": [1, {}]}, "phone": true, "name": 3.5, "message": [[[]]], "company": null}',
    "huge numbers": b'{"email": "a@b.example", "n": ' + b"9" * 5_000 + b', "m": 1e999}',
    "a lone half": b'{"email": "a@b.example", "name": "\\ud800"}',
    "no text": b"\xff\xfe\x00\x00",
}


def test_bodies_made_to_break_readers_end_as_a_lead_or_with_a_reason(house: House, at_the_door: Any) -> None:
    token = capture.new_token(portal_id=inbox.portal("api").id, actor=SETUP, now=house.now)
    a_portal(house, PortalKind.WEBHOOK)
    bearer, key = {"authorization": f"Bearer {token}"}, {"x-key": SECRET}
    for name, body in BODIES.items():
        single, many, hook = at_the_door(("api", body, bearer), ("api/bulk", body, bearer), ("hook", body, key))
        assert (single.status, many.status in (202, 422), hook.status) == (202, True, 200), name
        if many.status == 422:
            (row,) = many.json["rows"]
            assert row["code"], name
            assert row["mend"], name
    house.run()
    assert inbox.waiting() == 0
    assert parked() == []
    assert house.breaches() == []


def test_a_body_of_more_than_a_megabyte_is_refused_by_each(house: House, at_the_door: Any) -> None:
    token = capture.new_token(portal_id=inbox.portal("api").id, actor=SETUP, now=house.now)
    a_portal(house, PortalKind.WEBHOOK)
    body, bearer = b'{"a": "' + b"x" * (1 << 20) + b'"}', {"authorization": f"Bearer {token}"}
    answers = at_the_door(("api", body, bearer), ("api/bulk", body, bearer), ("hook", body, {"x-key": SECRET}))
    assert [(answer.status, answer.json["code"]) for answer in answers] == [(413, "too_large")] * 3
    assert inbox.waiting() == 0


def test_who_answers_for_a_portal_is_told_of_inquiries_that_did_not_come(house: House) -> None:
    portal_id, tomas = inbox.portal("api").id, house.cast.user["tomas"]
    day = (house.now - timedelta(days=3)).date()
    house.run()  # notices begin with what happens from now on
    capture.say_counts(portal_id=portal_id, counted={day: 4}, actor=by_system("api"), now=house.now)
    house.run()
    (notice,) = notices(tomas)
    assert (notice.kind, notice.subject_id, notice.detail) == ("portal", portal_id, f"{day} 4 4")
    letter = Message.objects.get(user_id=tomas)
    assert letter.subject == "Inquiries are missing: Api"
    assert f"/portals/{portal_id}" in letter.text
    page = as_user(house.cast, "tomas").get("/notifications").content.decode()
    assert "Inquiries are missing: Api" in page
    assert f"4 of the 4 that its sender counted on {day} did not come in" in page
    capture.compare_counts(actor=by_system("counts"), now=house.now)
    house.run()
    assert len(notices(tomas)) == 1
