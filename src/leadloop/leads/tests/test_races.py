"""Several processes at once, on a database of their own."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from itertools import count
from threading import Barrier
from typing import Any

import pytest
from django.db import connection

from leadloop.leads.contracts import Move, Opened, Stage
from leadloop.leads.queries import promises, rows
from leadloop.leads.services import break_due, move, open_or_join
from leadloop.leads.tests.world import SYSTEM, World, unsound, world


@pytest.fixture
def shared(fresh_db: str, cast: Any) -> World:
    return world(cast)


def at_once(number: int, act: Callable[[int], Any]) -> list[Any]:
    """Run `act` in so many threads that begin together, each with a connection of its own."""
    ready = Barrier(number)

    def run(place: int) -> Any:
        try:
            ready.wait(timeout=30)
            return act(place)
        finally:
            connection.close()

    with ThreadPoolExecutor(number) as pool:
        return list(pool.map(run, range(number)))


def test_the_same_pursuit_opened_at_once_is_one_lead(shared: World) -> None:
    people = shared.people(20)
    refs = count(1000)

    def capture(place: int) -> list[Opened]:
        order = people if place % 2 else list(reversed(people))  # as they happen to arrive
        pursuits = [shared.pursuit(person, ref=next(refs)) for person in order]
        return list(open_or_join(pursuits, terms=shared.terms, actor=SYSTEM, now=shared.now).values())

    opened = [one for batch in at_once(6, capture) for one in batch]

    leads = {one.lead_id for one in opened}
    assert len(leads) == 20
    assert sum(one.outcome == "new" for one in opened) == 20
    assert {one.touches for one in rows(leads).values()} == {6}
    assert unsound() == []


def test_a_lead_that_closes_while_somebody_joins_is_followed_by_a_new_one(shared: World) -> None:
    """Whoever comes first: the inquiry ends on an open lead, never on the closed one."""
    leads = shared.leads_in(Stage.WORKING, ["kim"] * 12)

    def act(place: int) -> Any:
        if place:
            pursuits = [shared.pursuit(one.person_id, ref=place * 100 + n) for n, one in enumerate(leads)]
            return open_or_join(pursuits, terms=shared.terms, actor=SYSTEM, now=shared.now)
        closing = [Move(lead_id=one.id, to=Stage.LOST, reason="price") for one in leads]
        return move(closing, terms=shared.terms, actor=SYSTEM, now=shared.now)

    _, *captured = at_once(3, act)

    for batch in captured:
        assert len(batch) == 12
    with connection.cursor() as cursor:
        cursor.execute("select person_id, sum(touches) from leads_lead group by person_id")
        assert {touches for _, touches in cursor.fetchall()} == {3}
    assert unsound() == []


def test_two_who_accept_the_same_leads_make_one_move_each(shared: World) -> None:
    leads = shared.leads_in(Stage.ASSIGNED, ["kim"] * 10)

    def accept(place: int) -> int:
        ids = [one.id for one in leads][:: 1 if place % 2 else -1]
        moves = [Move(lead_id=lead_id, to=Stage.ACCEPTED) for lead_id in ids]
        done = move(moves, terms=shared.terms, actor=SYSTEM, now=shared.now, skip_refused=True)
        return sum(one.moved for one in done)

    assert sum(at_once(4, accept)) == 10
    assert unsound() == []


def test_several_clocks_break_each_promise_once(shared: World) -> None:
    leads = shared.leads_in(Stage.ASSIGNED, ["kim"] * 30)
    later = shared.later(days=30)

    broken = [one for batch in at_once(4, lambda _: break_due(1000, now=later)) for one in batch]
    broken += break_due(1000, now=later)  # whatever the others had locked

    assert len({one.promise_id for one in broken}) == len(broken) == 60
    assert all(one.broken_at for lead in leads for one in promises([lead.id])[lead.id] if one.state == "running")


def test_one_pursuit_fits_into_one_index_entry(shared: World) -> None:
    """The database itself refuses a second open lead, whatever the code does."""
    (dana,) = shared.people(1)
    first = shared.raise_hand(dana)
    with connection.cursor() as cursor, pytest.raises(Exception, match="lead_one_open"):
        cursor.execute(
            """
            insert into leads_lead (person_id, interest_id, stage, stage_since, owner_id, due_at, opened_at)
            select person_id, interest_id, 'working', now(), owner_id, now(), now() from leads_lead where id = %s
            """,
            [first.lead_id],
        )
