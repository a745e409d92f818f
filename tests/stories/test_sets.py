"""Sets, not rows: what is done to a hundred takes as many statements as what is done to one."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.agreement.queries import in_force
from leadloop.capture.tests.letters import letter, report
from leadloop.distribution import services as distribution
from leadloop.kernel import clock
from leadloop.leads import services as leads
from leadloop.leads.contracts import Stage
from leadloop.ledger.contracts import Event, Lane, by_system
from leadloop.ledger.queries import parked
from leadloop.ledger.reader import advance
from leadloop.ledger.sql import fetch
from leadloop.loop import intake, pump, summaries
from leadloop.loop.routes import ROUTES
from leadloop.nurture import services as nurture
from leadloop.platform.queries import names
from tests.stories.house import House, open_house, open_mail
from tests.support.cast import Cast

ME = by_system("test")
MANY = 100
_NAMES = re.compile(r"(?<=SAVEPOINT ).*", re.IGNORECASE)
_COPIED = re.compile(r"^(copy \w+) .*")
_IN_FORCE = "select id, version, in_force_from"
Told = Callable[[str], dict[str, Any]]


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    opened = open_house(cast)
    with clock.at(opened.now):
        open_mail(opened)
        opened.set_portal("web-form", double_opt_in=True, consent_wording="Yes, send me news.")
        nurture.install_standard(owner_id=cast.user["tomas"], terms=in_force(), actor=ME, now=opened.now)
        pump.prepare()
    return opened


def curious(name: str) -> dict[str, Any]:
    return {"name": f"Cleo {name}", "email": f"{name}@freemail.example"}


def ready(name: str) -> dict[str, Any]:
    return {
        "name": f"Rhea {name}",
        "email": f"{name}@{name}-pumps.example",
        "phone": f"+49 30 {abs(hash(name)) % 10_000_000:07d}",
        "company": f"{name.capitalize()} Pumps GmbH",
        "title": "Head of Operations",
        "budget": "40,000",
        "timing": "this quarter",
    }


def unreadable(name: str) -> dict[str, Any]:
    return {"note": f"nobody can reach {name}"}


def about_work(name: str) -> dict[str, Any]:
    return {**curious(name), "kind": "job"}


def letters(prefix: str, count: int) -> list[str]:
    """So many names nobody had before."""
    return [f"{prefix}{chr(97 + n // 26)}{chr(97 + n % 26)}" for n in range(count)]


def statements(work: Callable[[], Any]) -> list[str]:
    """What was asked of the database, each statement by its beginning; savepoints by their kind, copies by their table.

    Without the look whether the agreement in memory is still in force: that is for the clock to say, not the batch.
    """
    with CaptureQueriesContext(connection) as made:
        work()
    asked = [" ".join(query["sql"].split()) for query in made.captured_queries]
    found = [_COPIED.sub(r"\1", _NAMES.sub("", sql))[:45] for sql in asked]
    return [words for words in found if not words.startswith(_IN_FORCE)]


def take_in(house: House, told: Sequence[Told], names: Sequence[str]) -> list[str]:
    """Statements of the intake of one batch."""
    for name in names:
        for tell in told:
            house.inquire(**tell(name))
    with clock.at(house.now):
        counted = statements(lambda: intake.take(Lane.LIVE, limit=1000))
        assert intake.take(Lane.LIVE, limit=1000) == 0
    return counted


@pytest.mark.parametrize(
    "told",
    [[curious], [ready], [curious, ready, unreadable, about_work]],
    ids=["not ready yet", "ready", "all kinds together"],
)
def test_intake_of_one_and_of_two_hundred(house: House, told: list[Told]) -> None:
    take_in(house, told, letters("warmup", 1))
    one = take_in(house, told, letters("single", 1))
    assert take_in(house, told, letters("many", 200 // len(told))) == one
    again = take_in(house, told, letters("single", 1))
    assert take_in(house, told, letters("many", 200 // len(told))) == again


Seen = tuple[dict[str, list[str]], Counter[str]]


def run_routes(house: House) -> Seen:
    """Let every route have what waits, in one batch; statements of its handler and facts it took, by route."""
    made: dict[str, list[str]] = {}
    facts = Counter[str]()
    for route in ROUTES:

        def handle(events: Sequence[Event], name: str = route.name, act: Any = route.handle) -> None:
            facts[name] += len(events)
            made[name] = statements(lambda: act(events))

        advance(route.name, lane=Lane.LIVE, kinds=route.kinds, handler=handle, limit=1000)
    return made, facts


def live_through(house: House, names: Sequence[str]) -> list[Seen]:
    """Some who look, get ready, are handed over, answer by mail and are kept waiting; what each route did each time."""
    found = []
    for tell in (curious, ready):
        for name in names:
            house.inquire(**{**tell(name), "email": f"{name}@{name}-works.example", "consent": "yes"})
        with clock.at(house.now):
            assert intake.take(Lane.LIVE, limit=1000) == len(names)
            found.append(run_routes(house))
        house.wait(minutes=1)
    with clock.at(house.now):
        answers = [letter(sender=f"{name}@{name}-works.example", at=house.now).as_bytes() for name in names]
        came = house.post(*answers, *came_back(names))
        assert intake.take(Lane.LIVE, limit=1000) == len(came) == 2 * len(names)
        found.append(run_routes(house))
    house.wait(days=3)
    with clock.at(house.now):
        leads.break_due(limit=1000, actor=ME, now=house.now)
        found.append(run_routes(house))
    return found


def came_back(names: Sequence[str]) -> list[bytes]:
    """A report about the last message that went to each of them."""
    sent = fetch(
        """
        update outreach_message m set state = 'sent', sent_at = now(), begun_at = now(), to_address = last.value,
               message_id = '<m' || m.id || '.' || repeat('a', 20) || '@us.example>'
          from (select c.value, max(o.id) as id from outreach_message o join people_contactpoint c
                    on c.person_id = o.person_id and c.value = any(%s::text[]) group by 1) as last
         where m.id = last.id returning m.message_id, m.to_address
        """,
        [[f"{name}@{name}-works.example" for name in names]],
    )
    return [report(message_id, address) for message_id, address in sent]


def test_every_reaction_to_one_and_to_a_hundred(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(summaries.TOLD_ONE_BY_ONE, Lane.LIVE, MANY)  # one letter for all would take fewer statements
    live_through(house, letters("warmup", 1))
    one = live_through(house, letters("single", 1))
    many = live_through(house, letters("many", MANY))
    assert parked() == []
    assert [made for made, _ in many] == [made for made, _ in one]
    seen: Counter[str] = sum((facts for _, facts in many), Counter())
    assert {route.name for route in ROUTES if seen[route.name] >= MANY} == {route.name for route in ROUTES}


def test_assigning_one_and_five_hundred(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(intake, "STEPS", (*intake.UNSCORED, intake.score))

    def wait_for_sales(names: Sequence[str]) -> list[int]:
        for name in names:
            house.inquire(**ready(name))
        with clock.at(house.now):
            intake.take(Lane.LIVE, limit=1000)
        with connection.cursor() as cursor:
            cursor.execute("select id from leads_lead where stage = %s order by id", [Stage.QUALIFIED])
            return [row[0] for row in cursor.fetchall()]

    def assign(lead_ids: Sequence[int]) -> list[str]:
        terms = in_force()
        return statements(lambda: distribution.assign(lead_ids, terms=terms, actor=ME, now=house.now))

    assign(wait_for_sales(letters("warmup", 1)))
    one = assign(wait_for_sales(letters("single", 1)))
    many = wait_for_sales(letters("many", 500))
    assert len(many) == 500
    assert assign(many) == one
    with connection.cursor() as cursor:
        cursor.execute("select owner_id, count(*) from leads_lead where id = any(%s) group by 1", [many])
        shares = dict(cursor.fetchall())
    assert {name.partition(" ")[0] for name in names(shares).values()} == {"Kim", "Ola"}
    assert set(shares.values()) == {250}
