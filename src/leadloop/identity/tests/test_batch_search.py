"""The search over the whole base: who may be whom, how sure that is, and what speaks for it."""

from __future__ import annotations

from importlib.util import find_spec
from typing import Any

import pytest

from leadloop.identity.batch import settings
from leadloop.identity.batch.configuration import COMPARISONS
from leadloop.identity.batch.search import clusters, search, told
from leadloop.identity.batch.table import people_table
from leadloop.identity.contracts import FoundBy, Suggested
from leadloop.kernel.errors import Unavailable
from leadloop.people.contracts import Comparable
from leadloop.platform import spark

FAMILIES = ("Berg", "Costa", "Novak", "Okafor", "Renner", "Sandoval", "Vogt", "Yilmaz", "Quist", "Hale")
GIVEN = ("Anna", "Bruno", "Chidi", "Dara", "Elif", "Fatou", "Goran", "Hanna", "Ivo", "Jana")


def person(number: int, given: str, family: str, **more: Any) -> Comparable:
    nothing = {"email": "", "phone": "", "firm_key": "", "domain": "", "city": "", "attributes": None}
    return Comparable(id=number, fresh=True, lookalike=False, given=given, family=family, **(nothing | more))


def strangers() -> list[Comparable]:
    """A hundred people at ten firms, colleagues in one town, of whom no two are the same."""
    return [
        person(
            10 * at + who + 1,
            GIVEN[who],
            FAMILIES[(at + who) % 10],
            email=f"{GIVEN[who]}.{FAMILIES[(at + who) % 10]}@firm{at}.example".lower(),
            phone=f"+4930{at:03}{who:03}",
            firm_key=f"firm {at}",
            domain=f"firm{at}.example",
            city="Berlin" if at % 2 else "Kiel",
        )
        for at in range(10)
        for who in range(10)
    ]


ANNA = person(
    101, "Ana", "Berg", email="ana.berg@firm0.example", firm_key="firm 0", domain="firm0.example", city="Kiel"
)


def pairs(found: list[Suggested]) -> list[tuple[int, int]]:
    return [(one.person_a, one.person_b) for one in found]


def test_nobody_among_strangers_and_colleagues_is_taken_for_another() -> None:
    assert search(people_table(strangers())).suggested == []
    assert search(people_table(strangers()[:1])).suggested == []
    assert search(people_table([])).suggested == []


def test_one_who_came_again_with_a_slip_is_found_and_every_field_says_what_it_adds() -> None:
    """The address tells the firm, and the firm its town: neither counts a second time."""
    (found,) = search(people_table([*strangers(), ANNA])).suggested
    assert (found.person_a, found.person_b, found.found_by) == (1, 101, FoundBy.BATCH)
    assert found.weight > 5
    said = {reason.code: (reason.text, (reason.weight or 0) > 0) for reason in found.reasons}
    assert said == {
        "family": ("Same family name", True),
        "given": ("Much alike first names", True),
        "email": ("E-mail addresses that differ by two slips", True),
    }


def test_the_same_people_give_the_same_answer() -> None:
    people = people_table([*strangers(), ANNA])
    assert search(people).suggested == search(people).suggested


def test_two_who_were_here_before_are_not_compared_again() -> None:
    old = [one._replace(fresh=False) for one in [*strangers(), ANNA]]
    assert search(people_table(old)).suggested == []
    new = ANNA._replace(id=102, given="Anna")
    assert set(pairs(search(people_table([*old, new])).suggested)) == {(1, 102), (101, 102)}


def test_a_key_that_too_many_share_leads_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(settings, "LARGEST_BLOCK", 1)
    found = search(people_table([*strangers(), ANNA]))
    assert (found.suggested, found.compared) == ([], 0)


def test_what_records_say_is_handed_to_the_rules_that_join() -> None:
    known = told(people_table([*strangers(), ANNA._replace(lookalike=True)]), {1, 101})
    assert (known[101].given, known[101].email, known[101].lookalike) == ("ana", "ana.berg@firm0.example", True)
    assert known[1].fields > known[101].fields


def test_groups_are_whom_a_chain_of_pairs_connects() -> None:
    assert clusters([]) == 0
    assert clusters([Suggested(1, 2, 1.0), Suggested(2, 3, 1.0), Suggested(8, 9, 1.0)]) == 2


@pytest.mark.parametrize("one", COMPARISONS, ids=lambda one: one.name)
def test_the_levels_of_a_field_are_all_there_is_and_agreeing_never_weighs_less(one: Any) -> None:
    assert sum(level.m for level in one.levels) == pytest.approx(1)
    assert sum(level.u for level in one.levels) == pytest.approx(1, abs=0.02)
    assert one.levels[-1].when == ""
    assert one.levels[-1].m < one.levels[-1].u
    assert all(level.m > level.u for level in one.levels[:-1])


def test_spark_says_the_same() -> None:
    if find_spec("pyspark") is None:
        pytest.skip('Spark is not installed: uv sync --extra spark, or pip install "leadloop[spark]"')
    people = people_table([*strangers()[:30], ANNA])
    here, there = search(people), search(people, kind="spark")
    by_pair = {(one.person_a, one.person_b): one for one in there.suggested}
    assert set(pairs(here.suggested)) == by_pair.keys() != set()
    for one in here.suggested:
        other = by_pair[one.person_a, one.person_b]
        assert {why.code: why.text for why in one.reasons} == {why.code: why.text for why in other.reasons}
        assert one.weight == pytest.approx(other.weight, abs=0.1)  # the engines' similarities differ by a hair
    assert here.share == pytest.approx(there.share, rel=0.01)


def test_spark_that_is_not_there_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def missing(name: str) -> Any:
        raise ImportError(name)

    monkeypatch.setattr(spark, "import_module", missing)
    with pytest.raises(Unavailable, match="spark"):
        search(people_table(strangers()), kind="spark")
