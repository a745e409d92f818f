"""Two processes bring in one import: neither waits for the other, and everybody ends once."""

from __future__ import annotations

import threading

import orjson
from django.db import connection, transaction

from leadloop.capture import inbox
from leadloop.capture import services as capture
from leadloop.capture.contracts import Delivery
from leadloop.capture.queries import portal
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from leadloop.ledger.sql import fetch
from leadloop.loop import intake
from tests.stories.house import House

AT_ONCE = 20
WAITED = 60  # seconds; only who waits for the other for ever gets there


def bring_in(house: House, people: list[tuple[str, str]]) -> None:
    """Rows of an import, each an address and a firm."""
    made = [
        Delivery(
            portal_id=portal("api").id,
            key=f"key:{place}",
            body=orjson.dumps({"name": f"Ann Row{place}", "email": email, "company": firm}),
            content_type="application/json",
        )
        for place, (email, firm) in enumerate(people)
    ]
    inbox.store(made, lane=Lane.BULK, received_at=house.now)


def take_beside(limit: int) -> list[int]:
    """What another process takes meanwhile; waits for it. Empty where it has not come to an end."""
    taken: list[int] = []

    def other() -> None:
        taken.append(intake.take(Lane.BULK, limit=limit))
        connection.close()

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    thread.join(WAITED)
    return taken


def claimed_beside(*, limit: int, by: int) -> int:
    """How many deliveries another process would claim meanwhile."""
    found: list[int] = []

    def other() -> None:
        with transaction.atomic():
            found.append(len(capture.claim(lane=Lane.BULK, limit=limit, now=clock.now(), by=by)))
        connection.close()

    thread = threading.Thread(target=other, daemon=True)
    thread.start()
    thread.join(WAITED)
    return found[0]


def waiting() -> int:
    return int(fetch("select count(*) from capture_submission where state = 'received'")[0][0])


def waiting_while_another_waits(*, limit: int) -> int:
    """Take the first part of a file in; another process takes up to `limit` of the rest and has to wait for it.

    Returns how many deliveries are not taken in by then, as the first process sees it.
    """

    def other() -> None:
        intake.take(Lane.BULK, limit=limit)
        connection.close()

    thread = threading.Thread(target=other)
    with transaction.atomic():
        intake.take(Lane.BULK, limit=AT_ONCE)
        thread.start()
        while not somebody_waits():
            assert thread.is_alive()
        left = waiting()
    thread.join(WAITED)
    return left


def somebody_waits() -> bool:
    fetch("select pg_stat_clear_snapshot()")
    return bool(fetch("select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"))


def by_firm() -> dict[str, int]:
    return dict(
        fetch(
            "select c.name, count(*)::int from people_facet_company c join leads_lead l using (company_id) group by 1"
        )
    )


def test_the_few_whose_firm_another_process_works_on_are_left_for_later(house: House) -> None:
    firms = [number // 3 for number in range(2 * AT_ONCE)]  # of the seventh, two people are in each half
    bring_in(house, [(f"ann{n}@firm{firm}.example", f"Firm {firm}") for n, firm in enumerate(firms)])
    with transaction.atomic():
        assert intake.take(Lane.BULK, limit=AT_ONCE) == AT_ONCE
        assert take_beside(AT_ONCE) == [AT_ONCE]
        assert waiting() == 1
    house.run()
    assert waiting() == 0
    assert by_firm() == {f"Firm {firm}": firms.count(firm) for firm in firms}
    assert house.breaches() == []


def test_where_many_would_be_left_a_process_waits_for_the_other(house: House) -> None:
    bring_in(house, [(f"ann{n}@one.example", "One") for n in range(2 * AT_ONCE)])
    assert waiting_while_another_waits(limit=AT_ONCE) == AT_ONCE
    assert waiting() == 0
    house.run()
    assert by_firm() == {"One": 2 * AT_ONCE}
    assert house.breaches() == []


def test_what_is_shared_out_is_what_nobody_works_on(house: House) -> None:
    """Also where a few were left before those that the other process has taken: they are no reason to count these."""
    bring_in(house, [(f"ann{n}@firm{n}.example", f"Firm {n}") for n in range(900)])
    ids = [one for (one,) in fetch("select id from capture_submission order by id")]
    with transaction.atomic():
        assert len(capture.claim_these(ids[3:303])) == 300
        assert claimed_beside(limit=1000, by=2) == (900 - 300) / 2
        assert claimed_beside(limit=250, by=2) == 250
    with transaction.atomic():
        capture.claim_these(ids[10:])
        assert claimed_beside(limit=1000, by=2) == 10


def test_what_was_left_at_the_end_is_taken_as_soon_as_the_other_is_done(house: House) -> None:
    bring_in(house, [(f"ann{n}@firm{n // 3}.example", f"Firm {n // 3}") for n in range(2 * AT_ONCE)])
    assert waiting_while_another_waits(limit=10 * AT_ONCE) == 1  # all but whose colleague is in the first half
    assert waiting() == 0
    assert house.breaches() == []
