"""The same word again: from fifty doors at once, days later, out of order, or under one key from several processes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import orjson
import pytest

from leadloop.capture import queries as inbox
from leadloop.capture import services as capture
from leadloop.capture.contracts import PortalKind
from leadloop.capture.door import Door
from leadloop.capture.services.portals import PortalIn
from leadloop.capture.tests import platforms
from leadloop.capture.tests.asgi import Answer, call
from leadloop.capture.tests.platforms import SECRET
from leadloop.kernel import clock
from leadloop.leads.contracts import LeadRow
from leadloop.leads.queries import listing
from leadloop.ledger.contracts import Lane
from leadloop.ledger.queries import parked
from leadloop.ledger.sql import fetch
from leadloop.loop import intake, pump
from leadloop.loop.notices.contracts import NoticeKind
from leadloop.loop.notices.reading import notices
from leadloop.people.queries import contact_points, people
from leadloop.people.tests.test_races import in_parallel
from tests.stories.house import SETUP, House, open_house
from tests.support.aside import run_aside
from tests.support.cast import Cast

Request = tuple[bytes, dict[str, str]]
VARIANTS = ("ann.berg@gmail.com", "Ann.Berg@Gmail.com", "annberg@gmail.com", "a.n.n.berg+fair@googlemail.com")


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    """Open today: the door stamps what comes with the time of the database."""
    opened = open_house(cast)
    opened.now = clock.now()
    with clock.at(opened.now):
        pump.prepare()
    return opened


@pytest.fixture
def knock(fresh_db: str) -> Callable[..., list[Answer]]:
    """All these requests at once, at as many web processes as are said."""

    def send(path: str, *requests: Request, doors: int = 1) -> list[Answer]:
        async def run() -> list[Answer]:
            opened = [Door(fresh_db, most_bytes=1 << 20) for _ in range(doors)]
            try:
                calls = (
                    call(opened[n % doors], f"/api/capture/{path}", body, headers=given)
                    for n, (body, given) in enumerate(requests)
                )
                return list(await asyncio.gather(*calls))
            finally:
                for one in opened:
                    await one.close()

        return run_aside(run())

    return send


def bearer(house: House, **more: str) -> dict[str, str]:
    token = capture.new_token(portal_id=inbox.portal("api").id, actor=SETUP, now=house.now)
    return {"authorization": f"Bearer {token}", "content-type": "application/json"} | more


def leads(house: House) -> list[LeadRow]:
    return list(listing(house.viewer("ruth"), filters={}, limit=50, now=house.now).rows)


def test_fifty_at_once_from_one_mailbox_are_one_lead_with_fifty_touches_and_one_notice(
    house: House, knock: Callable[..., list[Answer]]
) -> None:
    """Case, dots and plus tags make no other human, whichever process takes which of them in."""
    given = bearer(house)
    told = {"name": "Ann Berg", "company": "Berg Pumps", "title": "Head of Operations", "budget": "40,000"}
    bodies = [orjson.dumps(told | {"email": VARIANTS[n % len(VARIANTS)], "message": f"No. {n}"}) for n in range(50)]
    answers = knock("api", *((body, given) for body in bodies), doors=4)
    assert [answer.json["status"] for answer in answers] == ["stored"] * 50

    def process() -> None:
        with clock.at(house.now):
            while intake.take(Lane.LIVE, limit=7):
                pass

    in_parallel([process] * 4)
    house.run()

    (lead,) = leads(house)
    assert lead.touches == 50
    came = fetch("select outcome, count(*) from capture_inquiry where lead_id = %s group by 1", [lead.id])
    assert sorted(came) == [("joined", 49), ("new", 1)]
    arrived = dict(fetch("select kind, count(*) from ledger_event where kind like 'inquiry.%%' group by 1", []))
    assert sum(arrived.values()) == 50
    assert {point.norm for point in contact_points([lead.person_id])[lead.person_id]} == {
        one.lower() for one in VARIANTS
    }
    told_of = [one for user in house.cast.user.values() for one in notices(user) if one.kind is NoticeKind.LEAD]
    assert [one.lead_id for one in told_of] == [lead.id]
    assert (parked(), house.breaches()) == ([], [])


def hook(house: House) -> None:
    made = PortalIn(
        key="hook", name="Typeform", kind=PortalKind.TYPEFORM, owner_id=house.cast.user["tomas"],
        interest_id=house.cast.interest["general"],
    )  # fmt: skip
    portal_id = capture.save_portal(portal=made, actor=SETUP, now=house.now)
    capture.set_secrets(portal_id=portal_id, secrets={"secret": SECRET}, actor=SETUP, now=house.now)


def answered(number: int, house: House, name: str, **ago: float) -> Request:
    """What Typeform sends of a form that was filled in a while ago."""
    told = orjson.loads(platforms.typeform_body(f"tok-{number}", f"ev-{number}"))
    told["form_response"]["submitted_at"] = (house.now - timedelta(**ago)).isoformat()
    told["form_response"]["answers"][0]["text"] = name
    body = orjson.dumps(told)
    return body, platforms.typeform(body)


def stands(house: House) -> Any:
    (lead,) = leads(house)
    return lead, people([lead.person_id])[lead.person_id]


def test_an_event_that_comes_late_or_again_leaves_what_is_newer(
    house: House, knock: Callable[..., list[Answer]]
) -> None:
    hook(house)
    newer, older = answered(2, house, "Noor Haddad", hours=1), answered(1, house, "N. Haddad", days=2)
    knock("hook", newer)
    house.run()
    before = stands(house)
    knock("hook", older)
    house.run()
    lead, person = stands(house)
    assert (person.name, lead.touches) == ("Noor Haddad", 2)
    assert (lead.last_touch_at, lead.stage) == (before[0].last_touch_at, before[0].stage)

    house.wait(days=3)
    again = knock("hook", older, newer)
    house.run()
    assert [answer.json for answer in again] == [{"stored": 0, "known": 1}] * 2
    assert (stands(house)[0].touches, stands(house)[1].name) == (2, "Noor Haddad")
    assert parked() == []


def test_one_key_at_several_processes_is_stored_once_and_with_another_body_never(
    house: House, knock: Callable[..., list[Answer]]
) -> None:
    given = bearer(house, **{"idempotency-key": "order 4711"})
    one, other = orjson.dumps({"email": "ann@berg.example"}), orjson.dumps({"email": "bo@berg.example"})
    answers = knock("api", *((body, given) for body in [one, other] * 10), doors=4)
    stored = [answer for answer in answers if answer.status == 202]
    refused = [answer for answer in answers if answer.status != 202]
    assert {answer.json["id"] for answer in stored} == {stored[0].json["id"]}
    assert sorted(answer.json["status"] for answer in stored) == ["known"] * 9 + ["stored"]
    assert [(answer.status, answer.json["code"]) for answer in refused] == [(422, "key_reused")] * 10
    house.run()
    assert len(leads(house)) == 1
