"""What is joined without anybody looking, what is held back and why, and who stays."""

from __future__ import annotations

from itertools import combinations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.rules.joining import APART, LOOKALIKE, MAILS, NAMES, THROUGH, Told, join, may_join

NOBODY = Told(0)


def told(number: int, given: str = "", family: str = "berg", **more: object) -> Told:
    return Told(number, given, family, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("one", "other", "why"),
    [
        (told(1, "anna"), told(2, "anna"), None),
        (told(1, "anna"), told(2), None),
        (told(1, "anna"), told(2, "a"), None),
        (told(1, "anna"), told(2, "berg", "anna"), None),
        (told(1, "anna"), told(2, "ana"), None),
        (told(1, "anna"), told(2, "otto"), NAMES),
        (told(1, "anna", birth="19710624"), told(2, "otto", birth="19710625"), None),
        (told(1, "anna", birth="19710624"), told(2, "otto", birth="19680101"), NAMES),
        (told(1, "anna", email="ab@acme.com"), told(2, "otto", email="ab@acme.org"), None),
        (told(1, "anna", email="anna@acme.com"), told(2, "anna", email="ana@acme.com"), None),
        (told(1, "anna", email="anna@acme.com"), told(2, "anna", email="berg71@home.net"), MAILS),
        (
            told(1, "anna", email="anna@acme.com", birth="19710624"),
            told(2, "anna", email="berg71@home.net", birth="19710624"),
            None,
        ),
        (told(1, "anna", lookalike=True), told(2, "anna"), LOOKALIKE),
    ],
)
def test_what_speaks_against_joining_unseen(one: Told, other: Told, why: object) -> None:
    assert may_join(one, other).outcome is (why is None)
    assert may_join(other, one).reasons[:1] == (() if why is None else (why,))


def test_the_surest_pair_is_joined_first_and_nobody_through_a_third() -> None:
    people = {
        1: told(1, "anna", email="anna@acme.com"),
        2: told(2, "anna"),
        3: told(3, "anna", email="berg71@home.net"),
    }
    joined = join([(1, 2), (2, 3), (1, 3)], people)
    assert joined.groups == [[1, 2]]
    assert joined.held_back == {(2, 3): THROUGH, (1, 3): MAILS}


def test_who_was_said_to_be_somebody_else_stays_so_through_a_third_too() -> None:
    people = {number: told(number, "anna") for number in (1, 2, 3)}
    joined = join([(1, 2), (1, 3), (2, 3)], people, apart=[(2, 3)])
    assert joined.groups == [[1, 2]]
    assert joined.held_back == {(1, 3): THROUGH, (2, 3): APART}


def test_who_tells_the_most_stays_and_of_equals_who_has_been_known_longest() -> None:
    people = {1: told(1, fields=2), 2: told(2, fields=5), 3: told(3, fields=5), 4: told(4), 5: told(5)}
    assert join([(1, 2), (2, 3), (4, 5)], people).groups == [[2, 3, 1], [4, 5]]


names = st.sampled_from(["anna", "ana", "otto", "a", ""])
mails = st.sampled_from(["", "anna@acme.com", "ana@acme.com", "berg71@home.net"])
births = st.sampled_from(["", "19710624", "19710642", "19500101"])
people = st.lists(st.tuples(names, mails, births, st.booleans()), min_size=2, max_size=8)


@given(people, st.data())
def test_no_group_holds_two_who_may_not_be_joined_and_every_pair_is_settled(
    drawn: list[tuple[str, str, str, bool]], data: st.DataObject
) -> None:
    known = {
        number: Told(number, given, "berg", birth, mail, lookalike=poses)
        for number, (given, mail, birth, poses) in enumerate(drawn)
    }
    every = list(combinations(known, 2))
    pairs = data.draw(st.lists(st.sampled_from(every), unique=True))
    apart = data.draw(st.sets(st.sampled_from(every), max_size=3))
    joined = join(pairs, known, apart)
    together = {pair for group in joined.groups for pair in combinations(sorted(group), 2)}
    assert all(may_join(known[a], known[b], said_apart=(a, b) in apart).outcome for a, b in together)
    assert set(pairs) <= together | joined.held_back.keys()
    assert not together & joined.held_back.keys()
