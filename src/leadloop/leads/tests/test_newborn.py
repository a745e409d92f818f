"""Leads that are opened, judged and moved in one transaction end as if each step had been written."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import asdict
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from leadloop.leads.contracts import Move, Opened, Pursuit, Score, Stage
from leadloop.leads.queries import promises, rows
from leadloop.leads.services import all_or_nothing, lock, score, write_now, written_once
from leadloop.leads.services.newborn import Overtaken
from leadloop.leads.tests.test_races import at_once
from leadloop.leads.tests.world import SYSTEM, World, owed, row, unsound, world
from leadloop.ledger.models import Event

IDS = {"id", "lead_id", "person_id", "promise_id", "follows_id"}


@pytest.fixture
def office(db: None, cast: Any) -> World:
    return world(cast)


@pytest.fixture
def shared(fresh_db: str, cast: Any) -> World:
    return world(cast)


def hands(office: World) -> list[Pursuit]:
    """Seven of six people: one is known and open, one lost before, one asks twice, one comes closed."""
    known, lost, *new = office.people(6)
    office.raise_hand(known)
    office.move(office.raise_hand(lost).lead_id, Stage.LOST, reason="price")
    office.later(hours=3)
    raised = [office.pursuit(one, why="Web") for one in (known, lost, *new[:3])]
    return [*raised, office.pursuit(new[0]), office.pursuit(new[3], closed_as=Stage.LOST, close_reason="price")]


def _work(office: World, hands: list[Any]) -> dict[int, Opened]:
    opened = office.open(hands)
    ids = list(dict.fromkeys(one.lead_id for one in opened.values()))
    given = [Score(lead_id=one, fit=70, grade="A", engagement=3.5, readiness=n % 2) for n, one in enumerate(ids)]
    score(given, rules_version=1, qualified={}, actor=SYSTEM, now=office.now)
    office.move_all([Move(lead_id=one, to=Stage.QUALIFIED) for one in ids[1:3]], skip_refused=True)
    office.move_all([Move(lead_id=ids[2], to=Stage.ASSIGNED, owner_id=office.user("kim"))])
    return opened


def told(lead_ids: list[int]) -> tuple[list[Any], list[Any], list[Any]]:
    """The leads, their promises and the facts about them, without the ids that tell two runs apart."""
    standing, owed = rows(lead_ids), promises(lead_ids)
    facts = Event.objects.filter(lead_id__in=lead_ids).order_by("id").values_list("kind", "payload", "reason")
    return (
        [_plain(asdict(standing[one])) for one in lead_ids],
        [[_plain(asdict(promise)) for promise in owed.get(one, [])] for one in lead_ids],
        [(kind, _plain(payload), reason) for kind, payload, reason in facts],
    )


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in values.items() if name not in IDS}


def test_they_end_as_if_each_step_had_been_written(office: World) -> None:
    begin = office.now
    outcomes = []
    for around in (nullcontext, written_once):
        office.now = begin
        raised = hands(office)
        with transaction.atomic(), around():
            opened = _work(office, raised)
        outcomes.append(told([one.lead_id for one in opened.values()]))
        assert unsound() == []
    assert outcomes[0] == outcomes[1]
    assert len(outcomes[1][2]) >= 20  # facts, so there was something to compare


def test_each_is_written_once(office: World) -> None:
    people = office.people(3)
    with CaptureQueriesContext(connection) as statements, transaction.atomic(), written_once():
        _work(office, [office.pursuit(one) for one in people])
    written = [one["sql"].split()[:2] for one in statements if "leads_lead" in one["sql"].split("from")[0]]
    assert [one for one in written if one[0] != "select"] == [["copy", "leads_lead"]]


def test_written_before_their_time_they_end_the_same(office: World) -> None:
    begin = office.now
    outcomes = []
    for early in (lambda: None, write_now):
        office.now = begin
        raised = hands(office)
        with transaction.atomic(), written_once():
            opened = office.open(raised)
            ids = list(dict.fromkeys(one.lead_id for one in opened.values()))
            early()
            assert bool(rows(ids[2:3])) is (early is write_now)
            office.move_all([Move(lead_id=one, to=Stage.QUALIFIED) for one in ids[1:3]], skip_refused=True)
        outcomes.append(told(ids))
        assert unsound() == []
    assert outcomes[0] == outcomes[1]


@pytest.mark.parametrize("early", [lambda: None, write_now], ids=["in memory", "written meanwhile"])
def test_a_part_that_fails_leaves_them_as_they_were(office: World, early: Callable[[], None]) -> None:
    (person,) = office.people(1)

    def fail(lead_id: int) -> None:
        with all_or_nothing():
            early()
            office.move(lead_id, Stage.ASSIGNED, owner_id=office.user("kim"))
            raise ZeroDivisionError

    with transaction.atomic(), written_once():
        opened = office.raise_hand(person)
        office.move(opened.lead_id, Stage.QUALIFIED)
        with pytest.raises(ZeroDivisionError):
            fail(opened.lead_id)
        assert lock([opened.lead_id])[opened.lead_id].stage is Stage.QUALIFIED
    assert row(opened.lead_id).stage is Stage.QUALIFIED
    assert (set(owed(opened.lead_id)), unsound()) == ({"qualify", "reply"}, [])


def test_nobody_else_sees_them_before_the_end_and_a_failure_leaves_nothing(office: World) -> None:
    (person,) = office.people(1)
    seen: list[int] = []

    def fail() -> None:
        with transaction.atomic(), written_once():
            seen.append(office.raise_hand(person).lead_id)
            assert lock(seen)[seen[0]].person_id == person
            assert rows(seen) == {}
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert (rows(seen), lock(seen)) == ({}, {})


def test_who_is_overtaken_tries_again_and_joins(shared: World) -> None:
    (person,) = shared.people(1)

    def open_now(_: int) -> Opened:
        return shared.raise_hand(person)

    def overtaken(between: Callable[[], Any]) -> Opened:
        with transaction.atomic(), written_once():
            opened = shared.raise_hand(person)
            between()
            return opened

    first: list[Opened] = []
    with pytest.raises(Overtaken):
        overtaken(lambda: first.extend(at_once(1, open_now)))
    again = overtaken(lambda: None)
    assert (again.outcome, again.lead_id) == ("joined", first[0].lead_id)
    assert rows([again.lead_id])[again.lead_id].touches == 2
    assert unsound() == []
