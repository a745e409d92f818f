"""A late commit is not skipped, nothing is doubled, and what can't be handled stands aside."""

from __future__ import annotations

from collections.abc import Sequence

import psycopg
import pytest
from django.db import connection

from leadloop.ledger.contracts import Event, Lane, by_system
from leadloop.ledger.parking import replay, skip
from leadloop.ledger.queries import parked, timeline
from leadloop.ledger.reader import advance, behind, subscribe
from leadloop.ledger.services import lane, record
from leadloop.ledger.sql import fetch, run
from leadloop.people.facts import PersonChanged, PersonRemembered
from tests.support.cast import MONDAY

ME = by_system("test")
KINDS = ["person.remembered", "person.changed"]


class Reader:
    """A subscription that keeps what it was handed."""

    def __init__(self, name: str = "reader", poison: int | None = None) -> None:
        self.name, self.poison, self.seen = name, poison, list[Event]()
        subscribe(name, kinds=KINDS, from_start=True)

    def handle(self, events: Sequence[Event]) -> None:
        if any(e.person_id == self.poison and e.kind == "person.remembered" for e in events):
            raise ValueError("this one can't be handled")
        self.seen.extend(events)

    def read(self, limit: int = 100, which: Lane = Lane.LIVE) -> int | None:
        return advance(self.name, lane=which, kinds=KINDS, handler=self.handle, limit=limit)

    def persons(self) -> list[int | None]:
        return [e.person_id for e in self.seen]


def remember(*person_ids: int) -> None:
    record([PersonRemembered(happened_at=MONDAY, person_id=p) for p in person_ids], actor=ME)


def test_facts_arrive_once_and_in_order_over_several_kinds(fresh_db: str) -> None:
    reader = Reader()
    remember(1, 2)
    record([PersonChanged(happened_at=MONDAY, person_id=1, fields=["city"])], actor=ME)
    remember(3)
    assert [reader.read(limit=3), reader.read(limit=3), reader.read(limit=3)] == [3, 1, 0]
    assert reader.persons() == [1, 2, 1, 3]
    assert reader.seen[2].payload == {"fields": ["city"]}


def test_a_late_commit_is_not_skipped(fresh_db: str) -> None:
    reader = Reader()
    with psycopg.connect(fresh_db) as slow:
        slow.execute("insert into ledger_event (kind, actor, person_id) values ('person.remembered', 'system:slow', 1)")
        remember(2)
        assert reader.read() == 1
        remember(3)
        assert reader.read() == 1
        slow.commit()
        assert reader.read() == 1
    assert reader.persons() == [2, 3, 1]
    assert reader.read() == 0


def test_what_is_rolled_back_never_arrives(fresh_db: str) -> None:
    reader = Reader()
    with psycopg.connect(fresh_db) as other:
        other.execute(
            "insert into ledger_event (kind, actor, person_id) values ('person.remembered', 'system:other', 1)"
        )
        other.rollback()
    remember(2)
    reader.read()
    assert reader.persons() == [2]


def test_a_poison_fact_is_parked_and_holds_only_its_person(fresh_db: str) -> None:
    reader = Reader(poison=2)
    remember(1, 2, 3)
    assert reader.read() == 3
    record([PersonChanged(happened_at=MONDAY, person_id=p, fields=[]) for p in (1, 2)], actor=ME)
    assert reader.read() == 2
    assert reader.persons() == [1, 3, 1]
    assert [(p["person_id"], p["state"]) for p in parked()] == [(2, "failed"), (2, "held")]

    reader.poison = None
    assert replay(reader.name, handler=reader.handle, actor=ME) == 2
    assert [e.kind for e in reader.seen[3:]] == ["person.remembered", "person.changed"]
    assert parked() == []


def test_a_skipped_fact_frees_those_behind_it(fresh_db: str) -> None:
    reader = Reader(poison=2)
    remember(2)
    reader.read()
    (failed,) = [one["event_id"] for one in parked()]
    record([PersonChanged(happened_at=MONDAY, person_id=2, fields=[])], actor=ME)
    reader.read()
    skip(reader.name, event_ids=[failed], actor=ME)
    assert replay(reader.name, handler=reader.handle, actor=ME) == 1
    assert [e.kind for e in reader.seen] == ["person.changed"]


def test_only_what_is_asked_for_is_handed_over_and_the_rest_is_passed_once(fresh_db: str) -> None:
    reader = Reader()
    changes = [["city"], ["title"], ["city"], ["city"]]
    record([PersonChanged(happened_at=MONDAY, person_id=n, fields=f) for n, f in enumerate(changes)], actor=ME)

    def read(limit: int) -> int | None:
        only = {"person.changed": {"fields": ["city"]}, "person.remembered": {"never": 1}}
        return advance(reader.name, lane=Lane.LIVE, kinds=KINDS, handler=reader.handle, limit=limit, only=only)

    assert [read(2), reader.persons()] == [2, [0, 2]]
    assert [read(2), reader.persons()] == [1, [0, 2, 3]]
    remember(9)  # says nothing of a city
    assert behind(Lane.LIVE, names=[reader.name]) == {reader.name}
    assert read(2) == 0
    assert behind(Lane.LIVE, names=[reader.name]) == set()
    assert reader.persons() == [0, 2, 3]


def test_what_was_told_before_a_field_was_there_counts_as_its_default(fresh_db: str) -> None:
    reader = Reader()
    told = ['{"qualified": false}', '{"qualified": false, "direct": true}', '{"qualified": true}']
    for person_id, payload in enumerate(told):
        run(
            "insert into ledger_event (kind, actor, person_id, payload) values ('lead.scored', 'system:test', %s, %s)",
            [person_id, payload],
        )
    subscribe(reader.name, kinds=["lead.scored"], from_start=True)
    only = {"lead.scored": {"qualified": False, "direct": False}}
    assert advance(reader.name, lane=Lane.LIVE, kinds=["lead.scored"], handler=reader.handle, limit=9, only=only) == 1
    assert reader.persons() == [0]


def test_live_facts_do_not_wait_behind_a_bulk_import(fresh_db: str) -> None:
    reader = Reader()
    with lane(Lane.BULK):
        remember(*range(10, 20))
    remember(1)
    assert reader.read(limit=5) == 1
    assert reader.persons() == [1]
    assert reader.read(limit=50, which=Lane.BULK) == 10


def test_what_follows_from_an_import_stays_on_its_lane(fresh_db: str) -> None:
    def pass_on(events: Sequence[Event]) -> None:
        record([PersonChanged(happened_at=MONDAY, person_id=e.person_id, fields=[]) for e in events], actor=ME)

    reader = Reader()
    with lane(Lane.BULK):
        remember(1, 2)
    subscribe("passing-on", kinds=KINDS[:1], from_start=True)
    assert advance("passing-on", lane=Lane.BULK, kinds=KINDS[:1], handler=pass_on, limit=10) == 2
    assert reader.read() == 0
    assert reader.read(which=Lane.BULK) == 4


def test_a_second_pump_finds_the_subscription_taken(fresh_db: str) -> None:
    reader = Reader()
    remember(1)
    with psycopg.connect(fresh_db) as other:
        other.execute("select 1 from ledger_subscription where name = 'reader' for update")
        assert reader.read() is None
        other.rollback()
    assert reader.read() == 1


def test_a_crash_between_handling_and_commit_neither_loses_nor_doubles(fresh_db: str) -> None:
    reader = Reader()
    remember(1, 2)

    def fall_over(events: Sequence[Event]) -> None:
        raise psycopg.OperationalError("the connection was lost")

    with pytest.raises(psycopg.OperationalError):
        advance(reader.name, lane=Lane.LIVE, kinds=KINDS, handler=fall_over, limit=10)
    assert parked() == []
    assert reader.read() == 2
    assert reader.persons() == [1, 2]


def test_after_a_restore_the_earlier_life_is_drained_first(fresh_db: str) -> None:
    reader = Reader()
    remember(1, 2)
    assert reader.read(limit=1) == 1
    remember(3)
    # What a restore into another server leaves: a new epoch whose transaction ids are smaller than the old ones.
    with connection.cursor() as cursor:
        cursor.execute("insert into ledger_epoch (number, system_identifier) values (2, 'another server')")
        cursor.execute(
            "insert into ledger_event (kind, actor, person_id, epoch, xid)"
            " values ('person.remembered', 'system:new', 4, 2, '5'::xid8)"
        )
    while reader.read(limit=1) or len(reader.seen) < 4:
        pass
    assert reader.persons() == [1, 2, 3, 4]


def test_a_dedupe_key_counts_once(db: None) -> None:
    fact = PersonRemembered(happened_at=MONDAY, person_id=1, dedupe_key="once")
    for _ in range(2):
        record([fact], actor=ME)
        assert fetch("select person_id from ledger_event where dedupe_key = 'once'") == [(1,)]


def test_recording_takes_one_statement_whatever_the_number(db: None, django_assert_num_queries) -> None:  # type: ignore[no-untyped-def]
    for count in (1, 500):
        with django_assert_num_queries(1):
            remember(*range(count))
    assert fetch("select count(*) from ledger_event where actor = %s", [ME]) == [(501,)]


def test_the_timeline_pages_from_the_newest(db: None) -> None:
    remember(7, 7, 7)
    ids = [one for (one,) in fetch("select id from ledger_event order by id")]
    assert [e.id for e in timeline(person_ids=[7], limit=2)] == ids[:0:-1]
    assert [e.id for e in timeline(person_ids=[7], before_id=ids[1])] == [ids[0]]
