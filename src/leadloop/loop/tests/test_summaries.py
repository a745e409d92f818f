"""Who is given many leads at once is told in one letter."""

from __future__ import annotations

from datetime import UTC, datetime

from leadloop.ledger.contracts import Event, Lane, by_system
from leadloop.ledger.services import lane
from leadloop.loop.summaries import TOLD_ONE_BY_ONE, summed_up

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
SARAH, OMAR = 3, 4


def given(owner_id: int, count: int, *, first: int) -> list[Event]:
    return [_given(owner_id, number) for number in range(first, first + count)]


def _given(owner_id: int, number: int) -> Event:
    return Event(
        id=number,
        kind="lead.assigned",
        happened_at=NOW,
        recorded_at=NOW,
        actor=by_system("routing"),
        person_id=number,
        company_id=None,
        lead_id=number,
        opportunity_id=None,
        programme_id=None,
        reason="",
        agreement_version=1,
        amount=None,
        currency=None,
        base_amount=None,
        payload={"user_id": owner_id, "assignment_id": number},
        cause_id=None,
    )


def test_after_an_import_sarah_gets_one_letter_and_omar_still_hears_of_each() -> None:
    omars = given(OMAR, TOLD_ONE_BY_ONE[Lane.LIVE], first=1000)
    single, letters = summed_up([*given(SARAH, 80, first=1), *omars], not_before=NOW)
    assert single == omars
    (letter,) = letters
    assert (letter.user_id, letter.not_before) == (SARAH, NOW)
    assert letter.subject == "You were given 80 leads"
    assert "/worklist?tab=new" in letter.text


def test_of_an_import_even_two_are_told_together() -> None:
    with lane(Lane.BULK):
        single, letters = summed_up([*given(SARAH, 2, first=1), *given(OMAR, 1, first=9)], not_before=NOW)
    assert ([one.id for one in single], [one.user_id for one in letters]) == ([9], [SARAH])


def test_the_letter_names_nobody_so_nothing_in_it_has_to_be_erased() -> None:
    _, (letter,) = summed_up(given(SARAH, 80, first=1), not_before=NOW)
    assert (letter.person_id, letter.about_person_id, letter.lead_id) == (None, None, None)


def test_the_same_hand_over_is_told_once_and_the_next_again() -> None:
    def occasion(first: int) -> str:
        return summed_up(given(SARAH, 80, first=first), not_before=NOW)[1][0].occasion

    assert occasion(1) == occasion(1) != occasion(81)
