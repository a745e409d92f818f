"""Batches that meet the same people at the same time."""

from __future__ import annotations

import random
from collections.abc import Callable
from contextlib import suppress
from threading import Barrier

import pytest
from django.db import connection, transaction

from leadloop.identity.contracts import Suggested, Verdict
from leadloop.identity.queries import open_suggestions, survivors
from leadloop.identity.services import decide_suggestions, liken, merge, never_merge, resolve, suggest
from leadloop.identity.tests.world import ME, NOW, firms, somebody, who
from leadloop.kernel.errors import Conflict, Refused
from leadloop.ledger.sql import fetch
from leadloop.people.queries import contact_points, people
from leadloop.people.services import forget
from leadloop.people.tests.test_races import elsewhere, has_to_wait, in_parallel


def together(*tasks: Callable[[], object]) -> None:
    """Run every task in its own thread, all begun before any goes on."""
    start = Barrier(len(tasks))

    def begun(task: Callable[[], object]) -> Callable[[], object]:
        def run() -> object:
            with connection.cursor() as cursor:
                cursor.execute("select 1")
            start.wait()
            return task()

        return run

    in_parallel([begun(task) for task in tasks])


def test_eight_batches_with_the_same_fifty_addresses_make_fifty_persons(fresh_db: str) -> None:
    found: list[list[int]] = []

    def batch(which: int) -> Callable[[], object]:
        order = list(range(50))
        random.Random(which).shuffle(order)

        def run() -> None:
            batch = {
                i: somebody(f"a.{i}+{which}@firm{i % 7}.com", f"+49{i}", given=f"A{i}", city=f"City {which}")
                for i in order
            }
            with transaction.atomic():
                done = resolve(list(batch.values()), actor=ME, now=NOW, inquiry_ids={})
            found.append([done[batch[i].ref].person_id for i in range(50)])

        return run

    together(*(batch(which) for which in range(8)))

    assert len(found) == 8
    assert all(persons == found[0] for persons in found)
    assert len(set(found[0])) == 50
    assert fetch("select count(*) from people_person", []) == [(50,)]
    assert fetch("select count(*) from people_company", []) == [(7,)]
    points = contact_points(found[0])
    assert all(sum(p.is_primary for p in of if p.kind == "email") == 1 for of in points.values())
    assert all({p.norm for p in of if p.kind == "email"} == {f"a.{i}+{w}@firm{i % 7}.com" for w in range(8)}
               for i, of in zip(range(50), points.values(), strict=True))  # fmt: skip


@pytest.mark.parametrize("round_", range(5))
def test_keys_that_overlap_in_part_still_come_to_one_answer(fresh_db: str, round_: int) -> None:
    """Some know the number, some the address, some both, some another system's id."""
    kinds = [
        {"email": "{0}@x.com"},
        {"email": "{0}@x.com", "phone": "+49{0}"},
        {"email": "{0}@x.com", "external": (("crm", "{0}"),)},
        {"external": (("crm", "{0}"),), "phone": "+49{0}"},
    ]

    def fill(value: object, i: int) -> object:
        if isinstance(value, str):
            return value.format(i)
        return tuple((system, external.format(i)) for system, external in value)  # type: ignore[attr-defined]

    def batch(which: int) -> Callable[[], object]:
        pick = random.Random(100 * round_ + which)
        order = list(range(12))
        pick.shuffle(order)
        words = [{key: fill(value, i) for key, value in pick.choice(kinds).items()} for i in order]
        return lambda: who(*(somebody(**one) for one in words))

    together(*(batch(which) for which in range(6)))

    loose = "select value from identity_matchkey where person_id not in (select id from people_person)"
    unkeyed = "select id from people_person where id not in (select person_id from identity_matchkey)"
    two = """
        select norm from people_contactpoint where kind = 'email' group by norm having count(distinct person_id) > 1
    """
    assert [fetch(query, []) for query in (loose, unkeyed, two)] == [[], [], []]


def test_a_batch_that_was_beaten_joins_the_winner_and_hands_its_other_keys_over(fresh_db: str) -> None:
    """The other batch is first with the address; ours has already won the number when it finds out."""
    winner: list[int] = []
    beaten: list[int] = []
    with elsewhere(lambda: winner.extend(who(somebody("z@x.com", given="Anna", domain="acme.com")))):
        assert has_to_wait(lambda: who(somebody("z@x.com", "+4930")))
        assert has_to_wait(lambda: firms(somebody("other@acme.com")))
        assert not has_to_wait(lambda: who(somebody("b@x.net")))
    beaten.extend(who(somebody("z@x.com", "+4930")))
    assert beaten == winner
    assert who(somebody(phone="+4930")) == winner


def test_ten_merges_of_one_chain_at_once_end_with_one_person(fresh_db: str) -> None:
    ids = who(*(somebody(f"a{i}@x.com", given="Anna") for i in range(10)))

    def join(one: int, other: int) -> Callable[[], object]:
        def run() -> None:
            with suppress(Conflict):  # somebody else has brought them together already
                merge(survivor_id=one, loser_id=other, actor=ME, now=NOW)

        return run

    together(*(join(one, other) for one, other in zip(ids, ids[1:] + ids[:1], strict=True)))

    (last,) = set(survivors(ids).values())
    assert len(contact_points([last])[last]) == 10
    assert {people(ids)[i].id for i in ids} == {last}
    assert fetch("select count(*) from identity_mergejournal", []) == [(9,)]


def test_an_inquiry_in_the_middle_of_a_merge_goes_to_the_survivor(fresh_db: str) -> None:
    anna, shadow = who(somebody("anna@x.com"), somebody("anna@y.com"))
    with elsewhere(lambda: merge(survivor_id=anna, loser_id=shadow, actor=ME, now=NOW)):
        assert has_to_wait(lambda: who(somebody("anna@y.com")))
    assert who(somebody("anna@y.com", "+4930")) == [anna]

    with elsewhere(lambda: who(somebody("anna@y.com"))):
        (other,) = who(somebody("peter@x.com"))
        assert has_to_wait(lambda: merge(survivor_id=other, loser_id=anna, actor=ME, now=NOW))


def test_merges_and_inquiries_at_once_lose_nobody(fresh_db: str) -> None:
    ids = who(*(somebody(f"a{i}@x.com", f"+49{i}") for i in range(8)))
    found: list[int] = []
    tasks: list[Callable[[], object]] = [
        lambda i=i: merge(survivor_id=ids[i], loser_id=ids[i + 1], actor=ME, now=NOW) for i in range(0, 8, 2)
    ]
    for which in range(4):
        batch = [somebody(f"a{i}@x.com", city=f"City {which}") for i in range(8)]
        tasks.append(lambda batch=batch: found.extend(who(*batch)))
    together(*tasks)
    stand_for = survivors(ids)
    assert {survivors(found)[i] for i in found} == set(stand_for.values())
    assert fetch("select id from people_person where merged_into_id is not null and search <> ''", []) == []
    moved = fetch("select person_id from people_contactpoint", [])
    assert {i for (i,) in moved} == set(stand_for.values())


def test_what_is_said_apart_and_merged_at_once_is_one_or_the_other(fresh_db: str) -> None:
    for i in range(6):
        one, other = who(somebody(f"a{i}@x.com"), somebody(f"b{i}@x.com"))
        outcome: list[str] = []

        def join(one: int = one, other: int = other, outcome: list[str] = outcome) -> None:
            with suppress(Refused):
                merge(survivor_id=one, loser_id=other, actor=ME, now=NOW)
                outcome.append("merged")

        def part(one: int = one, other: int = other, outcome: list[str] = outcome) -> None:
            with suppress(Conflict):
                never_merge(one_id=other, other_id=one, actor=ME, now=NOW)
                outcome.append("apart")

        together(join, part)
        assert len(outcome) == 1


BERG = {"given": "Anna", "family": "Berg", "company_name": "Acme", "city": "Kiel"}


def likened(person_id: int) -> Callable[[], object]:
    return lambda: liken([person_id], as_asked={}, actor=ME, now=NOW)


def test_of_two_who_become_known_at_once_the_later_is_compared_with_the_earlier(fresh_db: str) -> None:
    one, other = who(somebody("anna.berg@acme.com", **BERG), somebody("berg@acme.com", **BERG))
    with elsewhere(likened(one)):
        assert has_to_wait(likened(other))
    together(likened(one), likened(other))
    assert [(row.person_a, row.person_b) for row in open_suggestions(limit=5)] == [(one, other)]


def test_an_erasure_leaves_no_block_behind_that_was_being_written(fresh_db: str) -> None:
    one, other = who(somebody("anna.berg@acme.com", **BERG), somebody("berg@acme.com", **BERG))
    with elsewhere(likened(one)):
        assert has_to_wait(lambda: forget(person_id=one, actor=ME, now=NOW))
    with elsewhere(lambda: forget(person_id=one, actor=ME, now=NOW)):
        assert has_to_wait(likened(one))
    likened(other)()
    likened(one)()
    assert fetch("select distinct person_id from identity_nearkey") == [(other,)]


def test_a_suggestion_in_the_middle_of_a_merge_is_about_the_survivor(fresh_db: str) -> None:
    one, other, third = who(*(somebody(f"{name}@acme.com", given=name) for name in ("anna", "ana", "rosa")))

    def said() -> int:
        return suggest([Suggested(other, third, 5.0)], now=NOW)

    with elsewhere(lambda: merge(survivor_id=one, loser_id=other, actor=ME, now=NOW)):
        assert has_to_wait(said)
    assert said() == 1
    assert [(row.person_a, row.person_b) for row in open_suggestions(limit=5)] == [(one, third)]


def test_a_verdict_and_a_merge_at_once_are_one_or_the_other(fresh_db: str) -> None:
    for i in range(6):
        one, other = who(somebody(f"a{i}@x.com"), somebody(f"b{i}@x.com"))
        suggest([Suggested(one, other, 5.0)], now=NOW)
        (row,) = open_suggestions(limit=5)
        outcome: list[str] = []

        def join(one: int = one, other: int = other, outcome: list[str] = outcome) -> None:
            with suppress(Refused):
                merge(survivor_id=one, loser_id=other, actor=ME, now=NOW)
                outcome.append("merged")

        def part(row_id: int = row.id, outcome: list[str] = outcome) -> None:
            if decide_suggestions([row_id], verdict=Verdict.NEVER, actor=ME, now=NOW):
                outcome.append("apart")

        together(join, part)
        assert len(outcome) == 1
        assert open_suggestions(limit=5) == []


def test_an_inquiry_in_the_middle_of_an_erasure_is_somebody_new_under_suppression(fresh_db: str) -> None:
    (anna,) = who(somebody("anna@x.com"))
    with elsewhere(lambda: forget(person_id=anna, actor=ME, now=NOW)):
        assert has_to_wait(lambda: who(somebody("anna@x.com")))
    (again,) = who(somebody("anna@x.com"))
    assert again != anna
    assert people([anna])[anna].erased
