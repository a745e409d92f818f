"""What happens when two do something to the same person at once."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager

import pytest
from django.db import OperationalError, connection, transaction

from leadloop.people.contracts import Channel, ConsentWord, Suppress
from leadloop.people.queries import consents, contact_points, people, positions
from leadloop.people.services import (
    change_fields,
    fill_in,
    forget,
    give_consent,
    hold,
    lock,
    lock_for_send,
    merge_rows,
    suppress,
    withdraw_consent,
)
from leadloop.people.tests.world import ME, NOW, firm, known, told


def in_parallel(tasks: list[Callable[[], object]]) -> None:
    """Run every task in a thread with a connection of its own; the first error is raised."""

    def run(task: Callable[[], object]) -> None:
        try:
            task()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(tasks)) as pool:
        for done in [pool.submit(run, task) for task in tasks]:
            done.result()


@contextmanager
def elsewhere(task: Callable[[], object]) -> Iterator[None]:
    """Run the task in another transaction, which stays open for the block."""
    with ThreadPoolExecutor(1) as pool:
        outer = transaction.Atomic(using=None, savepoint=True, durable=False)

        def begin() -> None:
            outer.__enter__()
            task()

        def end() -> None:
            outer.__exit__(None, None, None)
            connection.close()

        pool.submit(begin).result()
        try:
            yield
        finally:
            pool.submit(end).result()


def has_to_wait(task: Callable[[], object]) -> bool:
    """Whether the task would wait for somebody else's lock."""
    try:
        with transaction.atomic():
            with connection.cursor() as cursor:
                cursor.execute("set local lock_timeout = '50ms'")
            task()
    except OperationalError as late:
        if "lock timeout" not in str(late):
            raise
        return True
    return False


def no_more_mail(norm: str) -> Callable[[], object]:
    return lambda: suppress([Suppress(channel=Channel.EMAIL, norm=norm, reason="unsubscribed")], actor=ME, now=NOW)


@pytest.fixture
def anna(fresh_db: str) -> int:
    return known("Anna", emails=("anna@x.com",))


def test_no_suppression_or_withdrawal_commits_between_check_and_send(anna: int) -> None:
    peter = known("Peter", emails=("peter@x.com",))
    taken_back = ConsentWord(person_id=anna, channel=Channel.EMAIL, purpose="marketing")
    with elsewhere(lambda: lock_for_send([anna])):
        assert has_to_wait(no_more_mail("anna@x.com"))
        assert has_to_wait(no_more_mail("anna+tag@x.com"))
        assert has_to_wait(lambda: withdraw_consent([taken_back], actor=ME, now=NOW))
        assert has_to_wait(lambda: forget(person_id=anna, actor=ME, now=NOW))
        assert not has_to_wait(no_more_mail("peter@x.com"))
        assert not has_to_wait(lambda: lock_for_send([anna, peter]))
    assert not has_to_wait(no_more_mail("anna@x.com"))


def test_a_word_under_an_old_id_waits_too(anna: int) -> None:
    shadow = known("Anna", emails=("anna@y.com",))
    with transaction.atomic():
        lock([anna, shadow])
        merge_rows(anna, shadow)
    taken_back = ConsentWord(person_id=shadow, channel=Channel.EMAIL, purpose="marketing")
    with elsewhere(lambda: lock_for_send([anna])):
        assert has_to_wait(lambda: withdraw_consent([taken_back], actor=ME, now=NOW))
        assert has_to_wait(lambda: change_fields(person_id=shadow, changes={"city": "Kiel"}, actor=ME, now=NOW))
    with elsewhere(lambda: lock_for_send([shadow])):
        assert has_to_wait(no_more_mail("anna@x.com"))
    withdraw_consent([taken_back], actor=ME, now=NOW)
    assert [word.state for word in consents([anna])[anna]] == ["withdrawn"]


def test_no_send_is_checked_while_a_suppression_is_under_way(anna: int) -> None:
    with elsewhere(no_more_mail("anna@x.com")):
        assert has_to_wait(lambda: lock_for_send([anna]))


def test_who_is_held_can_be_filled_in_but_not_merged_or_erased(anna: int) -> None:
    with elsewhere(lambda: hold([anna])):
        assert not has_to_wait(lambda: hold([anna]))
        assert not has_to_wait(lambda: fill_in([(anna, told(city="Kiel"))], actor=ME, now=NOW, source="x"))
        assert has_to_wait(lambda: lock([anna]))
        assert has_to_wait(lambda: forget(person_id=anna, actor=ME, now=NOW))


def test_eight_fill_in_the_same_persons_at_once(fresh_db: str) -> None:
    ids = [known("Anna") for _ in range(10)]
    firms = [firm(f"Firm {i}") for i in range(8)]

    def fill(which: int) -> Callable[[], object]:
        order = ids if which % 2 else ids[::-1]
        words = {"emails": (f"{which}@x.com", "all@x.com"), "company_id": firms[which], "city": f"City {which}"}
        return lambda: fill_in([(i, told(**words)) for i in order], actor=ME, now=NOW, source="x")

    in_parallel([fill(which) for which in range(8)])

    for person_id in ids:
        points, places = contact_points([person_id])[person_id], positions([person_id])[person_id]
        assert (len(points), sum(p.is_primary for p in points)) == (9, 1)
        assert (len(places), sum(p.is_primary for p in places)) == (8, 1)
        assert people([person_id])[person_id].city.startswith("City ")


def test_eight_say_the_same_at_once(anna: int) -> None:
    yes = ConsentWord(person_id=anna, channel=Channel.EMAIL, purpose="marketing", wording="Yes")
    in_parallel([lambda: give_consent([yes], actor=ME, now=NOW)] * 8)
    in_parallel([no_more_mail("anna@x.com")] * 8)
    with connection.cursor() as cursor:
        cursor.execute("select (select count(*) from people_consent), (select count(*) from people_suppression)")
        assert cursor.fetchone() == (1, 1)


def test_nothing_is_added_to_somebody_who_is_erased_meanwhile(anna: int) -> None:
    tasks: list[Callable[[], object]] = [lambda: forget(person_id=anna, actor=ME, now=NOW)]
    for i in range(4):
        more = told(emails=(f"new{i}@x.com",), city="Kiel")
        tasks.append(lambda more=more: fill_in([(anna, more)], actor=ME, now=NOW, source="x"))
    in_parallel(tasks)
    row = people([anna])[anna]
    assert (row.erased, row.city, row.email, contact_points([anna])[anna]) == (True, "", "", [])


def test_changes_by_hand_at_once_are_all_kept(anna: int) -> None:
    fields = ["given_name", "family_name", "city", "title", "attributes.a", "attributes.b"]
    in_parallel([lambda f=f: change_fields(person_id=anna, changes={f: f"New {f}"}, actor=ME, now=NOW) for f in fields])
    row = people([anna])[anna]
    assert (row.given, row.family, row.city, row.title) == (
        "New given_name",
        "New family_name",
        "New city",
        "New title",
    )
    assert row.attributes == {"a": "New attributes.a", "b": "New attributes.b"}
