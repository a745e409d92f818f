"""Journeys under fire: cut off anywhere, run twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection, connections

from leadloop.leads.contracts import Stage
from leadloop.leads.tests.world import unsound
from leadloop.nurture import services
from leadloop.nurture.sql import fetch
from leadloop.nurture.tests.garden import CLOCK, Garden, stage


class Cut(Exception):
    """The process is gone at this moment."""


@contextmanager
def cut_at(call: int) -> Iterator[list[int]]:
    """Let the database's answer to this call, counted from 1, be the last thing that happens.

    In a test that rolls back, releasing a savepoint stands for the commit: what comes after it has happened.
    """
    seen = [0]

    def count(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        answer = execute(sql, params, many, context)
        seen[0] += not sql.startswith("RELEASE")
        if sql.startswith("RELEASE"):
            return answer
        if seen[0] == call:
            raise Cut
        return answer

    with connection.execute_wrapper(count):
        yield seen


def picture() -> list[tuple[Any, ...]]:
    """Everything a step changes."""
    return [
        *fetch("select id, journey_id, lead_id, node, state, due_at, reason, steps from nurture_enrolment order by id"),
        *fetch("select id, stage, owner_id, due_at, due_kind from leads_lead order by id"),
        *fetch("select id, lead_id, kind, due_at, state from leads_promise order by id"),
        *fetch("select id, occasion from outreach_message order by id"),
        *fetch("select kind, lead_id, payload::text from ledger_event order by id"),
    ]


def test_cut_off_after_any_call_a_step_has_happened_whole_or_not_at_all(garden: Garden) -> None:
    garden.standard()
    eager, calm, gone = garden.sown(3)
    garden.enrol([eager, calm, gone])
    garden.scored(eager.id, readiness=4)
    garden.move(gone.id, Stage.DISQUALIFIED, reason="junk")
    cuts = 0
    for days in (1, 5, 10):
        garden.later(days=days)
        before = picture()
        call = 1
        while True:
            with cut_at(call) as seen:
                try:
                    done = garden.tick()
                except Cut:
                    assert picture() == before, f"cut after call {call}"
                    call += 1
                    cuts += 1
                    continue
            assert seen[0] < call
            break
        assert done
        assert garden.tick() == 0
    assert cuts > 30
    assert garden.mail() == [
        (eager.id, "useful", "nurture-useful"),
        (calm.id, "useful", "nurture-useful"),
        (calm.id, "question", "nurture-question"),
    ]
    assert (stage(eager.id), stage(calm.id)) == (Stage.QUALIFIED, Stage.NURTURING)
    assert [garden.way(lead.id).reason for lead in (eager, calm, gone)] == ["handed_over", "recycled", "closed"]


def test_cut_off_while_entering_nobody_is_half_on_a_journey(garden: Garden) -> None:
    garden.standard()
    inquiry, nurtured = garden.sown(1)[0], garden.sown(1, Stage.NURTURING)[0]
    before, call = picture(), 1
    while True:
        with cut_at(call):
            try:
                entered = garden.enrol([inquiry, nurtured])
            except Cut:
                assert picture() == before
                call += 1
                continue
        break
    assert call > 8
    assert entered.keys() == {inquiry.id, nurtured.id}


@pytest.mark.crash
def test_two_clocks_at_once_take_every_step_once(fresh_db: str, cast: Any) -> None:
    garden = Garden(cast)
    garden.standard()
    leads = garden.sown(120)
    garden.enrol(leads)
    garden.later(days=1)
    start, counts, failures = Barrier(3), [], []

    def run() -> None:
        try:
            start.wait()
            while taken := services.advance(limit=10, terms=garden.terms, actor=CLOCK, now=garden.now):
                counts.append(taken)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    clocks = [Thread(target=run) for _ in range(3)]
    for clock in clocks:
        clock.start()
    for clock in clocks:
        clock.join(60)
    garden.tick()

    assert failures == []
    assert sum(counts) <= 120
    assert sorted(lead_id for lead_id, _, _ in garden.mail()) == sorted(lead.id for lead in leads)
    assert {garden.way(lead.id).steps for lead in leads} == {2}
    assert unsound() == []
    assert garden.unsound() == []


@pytest.mark.crash
def test_a_lead_that_two_put_on_a_journey_at_once_is_on_it_once(fresh_db: str, cast: Any) -> None:
    garden = Garden(cast)
    garden.standard()
    leads = garden.sown(40)
    start, entered, failures = Barrier(4), [], []

    def run() -> None:
        try:
            start.wait()
            entered.append(garden.enrol(leads))
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    threads = [Thread(target=run) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)

    assert failures == []
    assert sorted(len(one) for one in entered) == [0, 0, 0, 40]
    assert unsound() == []
