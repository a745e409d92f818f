"""Companies merged, related and written to at the same time."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import pairwise

import pytest
from django.db import transaction

from leadloop.identity.checks import CHECKS
from leadloop.identity.queries import alike_companies, company_merges
from leadloop.identity.services import merge_companies, resolve
from leadloop.identity.tests.test_races import together
from leadloop.identity.tests.world import ME, NOW, firms, somebody
from leadloop.kernel.errors import Conflict, Invalid, Refused
from leadloop.ledger.sql import fetch
from leadloop.people.queries import above, companies
from leadloop.people.services import change_company


def two() -> tuple[int, int]:
    """Two companies, each known by its domain."""
    north, south = firms(
        somebody("a@acme-north.com", company_name="Acme Pumps", country="DE"),
        somebody("b@acme-south.com", company_name="Acme Pumps GmbH", country="AT"),
    )
    assert north is not None
    assert south is not None
    return north, south


def breaches() -> list[str]:
    return [check.name for check in CHECKS if "compan" in check.name and fetch(check.sql.replace("limit %s", ""), [])]


def test_a_merge_and_inquiries_at_once_leave_nobody_at_the_old_company(fresh_db: str) -> None:
    north, south = two()

    def writes(which: int) -> Callable[[], object]:
        def run() -> None:
            for n in range(8):
                with transaction.atomic():
                    resolve([somebody(f"p{which}.{n}@acme-south.com", title="Buyer")], actor=ME, now=NOW)

        return run

    def merge() -> None:
        merge_companies(survivor_id=north, loser_id=south, actor=ME, now=NOW)

    together(merge, *(writes(which) for which in range(3)))
    assert fetch("select company_id, count(*) from people_position group by 1", []) == [(north, 26)]
    assert breaches() == []


def test_of_two_merges_of_one_pair_at_once_one_stands(fresh_db: str) -> None:
    north, south = two()

    def merge(one: int, other: int) -> Callable[[], object]:
        def run() -> None:
            with suppress(Conflict):
                merge_companies(survivor_id=one, loser_id=other, actor=ME, now=NOW)

        return run

    together(merge(north, south), merge(south, north))
    assert len(company_merges(north)) == 1
    assert companies([north])[north].id == companies([south])[south].id
    assert breaches() == []


def test_of_two_that_would_stand_above_each_other_one_does(fresh_db: str) -> None:
    north, south = two()
    refused: list[str] = []

    def below(one: int, other: int) -> Callable[[], object]:
        def run() -> None:
            try:
                change_company(company_id=one, changes={"parent_id": other}, actor=ME, now=NOW)
            except Invalid as wrong:
                refused.append(wrong.problem)

        return run

    together(below(north, south), below(south, north))
    assert len(refused) == 1
    assert sorted(map(len, (above(north), above(south)))) == [1, 2]
    assert breaches() == []


def test_a_group_has_ten_levels_and_no_more(db: None) -> None:
    chain = [
        company
        for n in range(11)
        if (company := firms(somebody(f"a@level-{n}.com", company_name=f"Level {n}"))[0]) is not None
    ]
    for upper, lower in pairwise(chain[:10]):
        change_company(company_id=lower, changes={"parent_id": upper}, actor=ME, now=NOW)
    with pytest.raises(Invalid, match="10 firms stand above one another"):
        change_company(company_id=chain[10], changes={"parent_id": chain[9]}, actor=ME, now=NOW)
    with pytest.raises(Refused, match="third company"):
        merge_companies(survivor_id=chain[0], loser_id=chain[2], actor=ME, now=NOW)


def test_what_looks_alike_is_found_by_name_and_by_the_label_of_the_domain(db: None) -> None:
    found = firms(
        somebody("a@acme.com", company_name="Acme Pumps", country="DE", city="Kiel"),
        somebody("b@acme-pumps.de", company_name="Acme Pumps GmbH", country="DE", city="Kiel"),
        somebody("c@acme.co.uk", company_name="Quite Different", country="DE"),
        somebody("d@acme-pumps.fr", company_name="Acme Pumps SARL", country="FR"),
        somebody("e@bolt.de", company_name="Bolt", country="DE"),
    )
    first, same, label, abroad, _ = (one or 0 for one in found)
    alike = alike_companies(first)
    assert [one.row.id for one in alike] == [same, label]
    assert [reason.code for reason in alike[0].reasons] == ["name", "city"]
    assert abroad not in {one.row.id for one in alike}
