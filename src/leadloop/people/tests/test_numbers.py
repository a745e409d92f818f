"""Numbers that turned out to be somebody else's."""

from __future__ import annotations

from leadloop.people.queries import reachable
from leadloop.people.services import fail_numbers, forget, mend_numbers
from leadloop.people.tests.world import ME, NOW, facts, known

FIRST, SECOND = "+49 30 5550101", "+49 30 5550102"


def number_of(person_id: int) -> str | None:
    return reachable([person_id], "call", "transactional")[person_id].address


def test_the_number_that_was_called_fails_and_the_next_one_counts(db: None) -> None:
    anna, bert = known("Anna", phones=(FIRST, SECOND)), known("Bert", phones=(FIRST,))
    (first,) = fail_numbers([anna], actor=ME, now=NOW)
    assert (number_of(anna), number_of(bert)) == (SECOND, FIRST)
    (second,) = fail_numbers([anna], actor=ME, now=NOW)
    assert number_of(anna) is None
    assert fail_numbers([anna], actor=ME, now=NOW) == []
    assert mend_numbers([second, first], actor=ME, now=NOW) == sorted([first, second])
    assert mend_numbers([first], actor=ME, now=NOW) == []
    assert number_of(anna) == FIRST
    assert len(facts("person.changed", anna)) == 3


def test_who_was_erased_has_no_number_to_fail(db: None) -> None:
    anna = known("Anna", phones=(FIRST,))
    forget(person_id=anna, actor=ME, now=NOW)
    assert fail_numbers([anna, anna + 1000], actor=ME, now=NOW) == []
    assert facts("person.changed", anna) == []
