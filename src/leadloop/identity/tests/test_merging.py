"""Two records turn out to be one person, or are said never to be."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.identity import queries
from leadloop.identity.contracts import Resolved
from leadloop.identity.queries import history, known_as, survivors
from leadloop.identity.services import merge, never_merge
from leadloop.identity.tests.world import ME, NOW, firms, meet, somebody, who
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, NotFound, Refused
from leadloop.leads.contracts import Stage
from leadloop.leads.tests.world import row, world
from leadloop.ledger.contracts import by_user
from leadloop.ledger.reads import ask
from leadloop.ledger.sql import fetch
from leadloop.people.queries import people
from leadloop.people.rules.merging import TABLES
from leadloop.people.services import export, forget
from leadloop.people.tests.journal import everything, undo
from leadloop.people.tests.world import facts
from tests.support.cast import Cast

OWN = (*TABLES, "identity_matchkey", "identity_alias")
SAME_NAME = Reason("same_name", "Same name at the same firm")


def join(survivor: int, loser: int) -> int:
    return merge(survivor_id=survivor, loser_id=loser, actor=ME, now=NOW, reasons=[SAME_NAME])


def apart(one: int, other: int) -> None:
    never_merge(one_id=one, other_id=other, actor=ME, now=NOW)


def journal(journal_id: int) -> dict[str, Any]:
    ((moved,),) = fetch("select moved from identity_mergejournal where id = %s", [journal_id])
    return dict(moved)


@pytest.fixture
def three(db: None) -> list[int]:
    """Anna, and two more records of her."""
    batch = (
        somebody("anna@acme.com", given="Anna", family="Berg", company_name="Acme"),
        somebody("anna@home.net", "+4930", given="Anna", external=(("crm", "7"),)),
        somebody("berg@acme.com", "+4931", family="Berg", city="Kiel", title="CEO"),
    )
    return who(*batch)


def test_every_key_leads_to_the_survivor_from_then_on(three: list[int]) -> None:
    anna, second, _ = three
    journal_id = join(anna, second)

    found: list[Resolved] = meet(somebody("anna@home.net"), somebody(phone="+4930"), somebody(external=(("crm", "7"),)))
    assert {one.person_id for one in found} == {anna}
    assert survivors(three) == {anna: anna, second: anna, three[2]: three[2]}
    assert known_as([second]) == {second: [anna, second]}
    assert [(who_, payload) for who_, _, _, payload in facts("person.merged")] == [
        (anna, f'{{"loser_id": {second}, "journal_id": {journal_id}}}')
    ]


def test_chains_of_old_ids_are_kept_flat(three: list[int]) -> None:
    anna, second, third = three
    join(second, third)
    join(anna, second)
    assert set(survivors(three).values()) == {anna}
    assert known_as(three)[third] == sorted(three)
    assert {people([i])[i].id for i in three} == {anna}


def test_an_old_id_stands_for_its_survivor_in_further_merges(three: list[int]) -> None:
    anna, second, third = three
    join(anna, second)
    join(third, second)  # whoever clicked still saw the old id
    assert set(survivors(three).values()) == {third}
    with pytest.raises(Conflict):
        join(anna, second)


def test_what_both_were_alone_decides_nothing_after_a_refusal(three: list[int]) -> None:
    anna, second, third = three
    apart(second, third)
    apart(third, second)
    join(anna, second)
    before = everything(OWN)
    for one, other in ((anna, third), (third, second)):
        with pytest.raises(Refused) as wrong:
            join(one, other)
        assert [reason.code for reason in wrong.value.decision.reasons] == ["never_merge"]
    assert everything(OWN) == before
    assert history(anna).never_with == (third,)


def test_one_person_can_not_be_said_apart_from_themselves(three: list[int]) -> None:
    anna, second, _ = three
    join(anna, second)
    for one, other in ((anna, second), (anna, anna)):
        with pytest.raises(Conflict):
            apart(one, other)


def test_the_erased_and_the_unknown_are_not_merged(three: list[int]) -> None:
    anna, second, _ = three
    with pytest.raises(NotFound):
        join(anna, 10**9)
    forget(person_id=second, actor=ME, now=NOW)
    with pytest.raises(Refused):
        join(anna, second)


def test_the_journal_alone_brings_everything_back(three: list[int]) -> None:
    anna, second, third = three
    start = everything(OWN)
    first = join(second, third)
    between = everything(OWN)
    last = join(anna, second)
    undo(journal(last)["rows"])
    assert everything(OWN) == between
    undo(journal(first)["rows"])
    assert everything(OWN) == start


def test_leads_go_on_with_the_survivor(three: list[int], cast: Cast) -> None:
    office = world(cast)
    anna, second, _ = three
    older = office.raise_hand(anna).lead_id
    office.later(hours=1)
    younger, pumps = office.raise_hand(second).lead_id, office.raise_hand(second, "pumps").lead_id
    actor = by_user(cast.user["ines"])

    journal_id = merge(survivor_id=anna, loser_id=second, actor=actor, now=office.now)

    assert (row(older).person_id, row(older).touches, row(pumps).person_id) == (anna, 2, anna)
    assert row(younger).stage is Stage.MERGED
    assert {one["lead_id"] for one in journal(journal_id)["leads"]} == {older, younger, pumps}


def test_the_history_tells_all_of_it(three: list[int]) -> None:
    anna, second, third = three
    join(second, third)
    last = join(anna, second)
    told = history(third)
    assert (told.survivor_id, told.known_as) == (anna, tuple(sorted(three)))
    assert [(m.survivor_id, m.loser_id) for m in told.merges] == [(anna, second), (second, third)]
    assert (told.merges[0].id, told.merges[0].actor, told.merges[0].reasons) == (last, ME, [SAME_NAME.as_json()])
    assert {d.person_id for d in told.decisions} == set(three)


def test_erasing_takes_the_keys_and_empties_the_journals(three: list[int]) -> None:
    anna, second, third = three
    kept = join(third, who(somebody("other@x.com"))[0])
    journal_id = join(anna, second)
    assert {key["value"] for key in export(second)["identity"]} >= {"anna@acme.com", "anna@home.net", "7"}

    done = forget(person_id=second, actor=ME, now=NOW)

    assert done.rows["identity"] == 5  # two addresses, a number, an id, a journal
    assert fetch("select count(*) from identity_matchkey where person_id = any(%s)", [[anna, second]]) == [(0,)]
    assert (journal(journal_id), journal(kept) != {}) == ({}, True)
    told = history(anna)
    assert [m.erased_at is not None for m in told.merges] == [True]
    assert forget(person_id=anna, actor=ME, now=NOW).rows["identity"] == 0


def test_who_writes_again_after_erasure_is_somebody_new(three: list[int]) -> None:
    anna = three[0]
    forget(person_id=anna, actor=ME, now=NOW)
    (again,) = meet(somebody("anna@acme.com"))
    assert again.is_new
    assert again.person_id != anna


def test_each_read_takes_the_queries_it_says(three: list[int]) -> None:
    merged = join(three[0], three[1])
    acme, bolt = firms(somebody("a@acme.com"), somebody("b@bolt.net", company_name="Bolt"))
    assert acme
    assert bolt
    reads = {
        "survivors": (1, lambda: queries.survivors(three)),
        "known_as": (1, lambda: queries.known_as(three)),
        "history": (6, lambda: queries.history(three[0])),
        "open_from": (1, lambda: queries.open_from(2.0)),
        "open_suggestions": (1, lambda: queries.open_suggestions(limit=10)),
        "suggestions": (1, lambda: queries.suggestions([1, 2])),
        "suggestions_of": (1, lambda: queries.suggestions_of(three)),
        "suggestions_read": (1, lambda: ask(queries.suggestions_read(three))),
        "decisions": (1, lambda: queries.decisions([1, 2, 3])),
        "known": (1, lambda: queries.known([somebody("anna@acme.com"), somebody("new@acme.com")])),
        "newcomers": (1, lambda: queries.newcomers([1, 2, 3])),
        "merge_row": (1, lambda: queries.merge_row(merged)),
        "may_be_one": (3, lambda: queries.may_be_one(three[0], three[2])),
        "was_parted_read": (0, lambda: queries.was_parted_read(three)),
        "pairs_apart": (1, lambda: queries.pairs_apart(three)),
        "last_pass": (1, queries.last_pass),
        "company_merges": (1, lambda: queries.company_merges(acme)),
        "company_merge_row": (1, lambda: queries.company_merge_row(1)),
        "may_be_one_company": (4, lambda: queries.may_be_one_company(acme, bolt)),
        "verdicts": (1, lambda: queries.verdicts(acme)),
        "alike_companies": (4, lambda: queries.alike_companies(acme)),
    }
    assert reads.keys() == set(queries.__all__)
    for name, (expected, read) in reads.items():
        with CaptureQueriesContext(connection) as done:
            read()
        assert (name, len(done)) == (name, expected)
