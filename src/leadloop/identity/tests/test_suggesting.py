"""Two persons may be one: what is suggested, what somebody decides, and what a merge makes of it."""

from __future__ import annotations

import json

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.identity.checks import CHECKS
from leadloop.identity.contracts import FoundBy, Suggested, SuggestionRow, Verdict
from leadloop.identity.queries import open_suggestions, suggestions_of
from leadloop.identity.services import decide_suggestions, merge, never_merge, reopen_suggestions, suggest
from leadloop.identity.tests.world import ME, NOW, somebody, who
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Invalid, Refused
from leadloop.ledger.sql import fetch
from leadloop.people.services import export, forget
from leadloop.people.tests.journal import everything, undo
from leadloop.people.tests.world import facts

EVERY = tuple(Verdict)
WHY = (Reason("family", "Family names sound alike", 4.5),)


@pytest.fixture
def four(db: None) -> list[int]:
    """Four who have nothing in common but that somebody finds them alike."""
    return who(*(somebody(f"{name}@acme.com", given=name.title()) for name in ("anna", "ana", "anja", "anne")))


def alike(one: int, other: int, weight: float = 3.0, found_by: FoundBy = FoundBy.ON_LINE) -> Suggested:
    return Suggested(min(one, other), max(one, other), weight, WHY, found_by)


def said(*pairs: Suggested) -> int:
    return suggest(pairs, now=NOW)


def waiting() -> list[tuple[int, int, float]]:
    return [(row.person_a, row.person_b, row.weight) for row in open_suggestions(limit=100)]


def of(person_id: int) -> dict[tuple[int, int], Verdict]:
    return {(row.person_a, row.person_b): row.state for row in suggestions_of([person_id], states=EVERY)}


def the(one: int, other: int) -> SuggestionRow:
    return next(row for row in suggestions_of([one], states=EVERY) if other in (row.person_a, row.person_b))


def test_what_is_found_waits_the_weightiest_first(four: list[int]) -> None:
    anna, ana, anja, anne = four
    assert said(alike(anna, ana, 2.0), alike(anja, anne, 8.5), alike(anna, ana, 1.0)) == 2
    assert waiting() == [(anja, anne, 8.5), (anna, ana, 2.0)]
    first, second = open_suggestions(limit=1), open_suggestions(limit=1, after=(8.5, the(anja, anne).id))
    assert [row.person_a for row in (*first, *second)] == [anja, anna]
    assert the(anna, ana).reasons == [WHY[0].as_json()]


def test_saying_it_again_only_weighs_anew_what_is_open(four: list[int]) -> None:
    anna, ana, anja, _ = four
    said(alike(anna, ana), alike(anna, anja))
    assert said(alike(anna, ana), alike(anna, anja)) == 0
    decide_suggestions([the(anna, anja).id], verdict=Verdict.DISMISSED, actor=ME, now=NOW)
    assert said(alike(anna, ana, 6.0, FoundBy.BATCH), alike(anna, anja, 9.0)) == 1
    assert (waiting(), the(anna, ana).found_by) == ([(anna, ana, 6.0)], FoundBy.BATCH)
    assert the(anna, anja).weight == 3.0


def test_the_erased_the_merged_and_those_told_apart_are_passed_over(four: list[int]) -> None:
    anna, ana, anja, anne = four
    merge(survivor_id=anna, loser_id=ana, actor=ME, now=NOW)
    never_merge(one_id=ana, other_id=anja, actor=ME, now=NOW)
    forget(person_id=anne, actor=ME, now=NOW)
    assert said(alike(anna, ana), alike(anna, anja), alike(ana, anja), alike(anja, anne), alike(anna, 10**9)) == 0
    assert waiting() == []


def test_an_id_that_was_merged_stands_for_its_survivor(four: list[int]) -> None:
    anna, ana, anja, _ = four
    merge(survivor_id=anna, loser_id=ana, actor=ME, now=NOW)
    assert said(alike(ana, anja)) == 1
    assert waiting() == [(anna, anja, 3.0)]


@pytest.mark.parametrize("verdict", [Verdict.NEVER, Verdict.RELATED, Verdict.DISMISSED])
def test_a_verdict_takes_it_out_of_the_queue_and_can_be_taken_back(four: list[int], verdict: Verdict) -> None:
    anna, ana, *_ = four
    said(alike(anna, ana))
    one = the(anna, ana).id
    assert decide_suggestions([one], verdict=verdict, actor=ME, now=NOW) == {one: (anna, ana)}
    assert decide_suggestions([one], verdict=verdict, actor=ME, now=NOW) == {}
    assert (waiting(), of(anna)) == ([], {(anna, ana): verdict})
    assert said(alike(anna, ana, 9.0)) == 0

    assert reopen_suggestions([one], actor=ME, now=NOW) == [one]
    assert reopen_suggestions([one], actor=ME, now=NOW) == []
    assert waiting() == [(anna, ana, 3.0)]
    told = [json.loads(payload) for _, _, _, payload in facts("pair.judged")]
    assert told == [{"other_id": ana, "verdict": str(said_)} for said_ in (verdict, Verdict.OPEN)]
    merge(survivor_id=anna, loser_id=ana, actor=ME, now=NOW)


def test_never_keeps_them_from_being_merged(four: list[int]) -> None:
    anna, ana, *_ = four
    said(alike(anna, ana))
    decide_suggestions([the(anna, ana).id], verdict=Verdict.NEVER, actor=ME, now=NOW)
    with pytest.raises(Refused):
        merge(survivor_id=anna, loser_id=ana, actor=ME, now=NOW)


def test_who_is_told_apart_by_hand_waits_no_longer(four: list[int]) -> None:
    anna, ana, *_ = four
    said(alike(anna, ana))
    never_merge(one_id=ana, other_id=anna, actor=ME, now=NOW)
    assert (waiting(), of(anna)) == ([], {(anna, ana): Verdict.NEVER})


def test_merged_and_open_are_no_verdicts(four: list[int]) -> None:
    for verdict in (Verdict.MERGED, Verdict.OPEN):
        with pytest.raises(Invalid):
            decide_suggestions([1], verdict=verdict, actor=ME, now=NOW)


def test_suggestions_follow_a_merge_and_its_journal_brings_them_back(four: list[int]) -> None:
    anna, ana, anja, anne = four
    said(alike(anna, ana), alike(ana, anja, 5.0), alike(anna, anja, 4.0), alike(ana, anne, 2.0), alike(anna, anne, 1.0))
    decide_suggestions([the(anna, anne).id], verdict=Verdict.RELATED, actor=ME, now=NOW)
    before = everything(["identity_suggestion"])

    journal_id = merge(survivor_id=anna, loser_id=ana, actor=ME, now=NOW)

    assert of(anna) == {
        (anna, ana): Verdict.MERGED,
        (anna, anja): Verdict.OPEN,
        (anna, anne): Verdict.RELATED,
    }
    assert waiting() == [(anna, anja, 5.0)]
    ((journal,),) = fetch("select moved from identity_mergejournal where id = %s", [journal_id])
    undo(journal["rows"])
    assert everything(["identity_suggestion"]) == before


def test_erasing_takes_what_somebody_was_taken_for(four: list[int]) -> None:
    anna, ana, anja, _ = four
    said(alike(anna, ana), alike(ana, anja), alike(anna, anja))
    assert len([row for row in export(anna)["identity"] if "weight" in row]) == 2
    forget(person_id=anna, actor=ME, now=NOW)
    assert waiting() == [(ana, anja, 3.0)]
    assert of(anna) == {}


def broken() -> list[str]:
    """What the checks of this room find, by name."""
    return [check.name for check in CHECKS if fetch(check.sql, [20])]


def test_the_checks_find_what_must_not_be(four: list[int]) -> None:
    anna, ana, anja, anne = four
    said(alike(anna, ana), alike(anja, anne))
    merge(survivor_id=anja, loser_id=anne, actor=ME, now=NOW)
    assert [name for name in broken() if "inquiry" not in name] == []
    fetch("update identity_suggestion set state = 'open', decided_at = null where high_id = %s returning 1", [anne])
    never_merge(one_id=anna, other_id=ana, actor=ME, now=NOW)
    fetch("update people_person set merged_into_id = %s where id = %s returning 1", [anna, ana])
    assert [name for name in broken() if "inquiry" not in name] == [
        "a suggestion that waits for a person who was merged or erased",
        "two persons who were said never to be the same, and are one",
    ]


def test_the_number_of_statements_does_not_grow(db: None) -> None:
    many = who(*(somebody(f"somebody{i}@acme.com") for i in range(40)))
    pairs = [alike(one, other) for one, other in zip(many[::2], many[1::2], strict=True)]
    merge(survivor_id=many[0], loser_id=many[2], actor=ME, now=NOW)

    def statements(some: list[Suggested]) -> tuple[int, int, int]:
        counts = []
        with CaptureQueriesContext(connection) as done:
            suggest(some, now=NOW)
        counts.append(len(done))
        ids = [row.id for row in open_suggestions(limit=100)]
        for step in (
            lambda: decide_suggestions(ids, verdict=Verdict.NEVER, actor=ME, now=NOW),
            lambda: reopen_suggestions(ids, actor=ME, now=NOW),
        ):
            with CaptureQueriesContext(connection) as done:
                step()
            counts.append(len(done))
        return counts[0], counts[1], counts[2]

    assert statements(pairs[:2]) == statements(pairs)
