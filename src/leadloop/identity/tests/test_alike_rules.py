"""Where to look for who may be the same, and how alike two records are."""

from __future__ import annotations

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import combinations
from math import log2

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.contracts import Suggested
from leadloop.identity.rules.alike import (
    FIELDS,
    JOIN_AT,
    MOST_COLLEAGUES,
    SUGGEST_AT,
    compare,
    expected,
    is_worth_asking,
    look_alike,
    may_join,
    to_join,
)
from leadloop.identity.rules.blocks import MOST, blocks, sound
from leadloop.identity.rules.fields import are_colleagues
from leadloop.kernel.tests.samples import sample
from leadloop.people.contracts import Place, Profile

BOLT = Place(2, "bolt", "bolt.com", "")
ACME = Place(1, "acme", "acme.com", "Head of sales")
ANNA = Profile(
    id=1, given="Anna", family="Schmidt", emails=("anna.schmidt@acme.com",), phones=("+49431555010",), places=(ACME,),
    city="Kiel", country="DE",
)  # fmt: skip

PARTS = ("given", "family", "emails", "phones", "places", "city", "country", "births", "streets", "postcodes")
names = st.text("abcdefgmnorstuäß -", max_size=12)
addresses = st.from_regex(r"[a-z]{1,8}(\.[a-z]{1,8})?@(gmail|acme|bolt)\.com", fullmatch=True)
numbers = st.from_regex(r"\+49[0-9]{8,10}", fullmatch=True)
titles = st.sampled_from(["", "CEO", "Buyer"])
firms = st.builds(Place, st.sampled_from([None, 1, 2]), st.just("acme"), st.none(), titles)
dates = st.lists(st.from_regex(r"19[0-9]{6}", fullmatch=True), max_size=1).map(tuple)
profiles = st.builds(
    Profile, id=st.integers(1, 10**6), given=names, family=names, emails=st.lists(addresses, max_size=2).map(tuple),
    phones=st.lists(numbers, max_size=2).map(tuple), places=st.lists(firms, max_size=2).map(tuple), city=names,
    country=st.sampled_from(["", "DE", "AT"]), births=dates,
    streets=st.sampled_from([(), ("Hafenstraße 1",), ("Am Kai 7",)]),
    postcodes=st.sampled_from([(), ("24103",), ("24105",)]),
    lookalike=st.booleans(),
)  # fmt: skip


def weight(one: Profile, other: Profile) -> float:
    return compare(one, replace(other, id=2), before=expected(10_000)).weight


def why(one: Profile, other: Profile) -> dict[str, str]:
    return {reason.code: reason.text for reason in compare(one, replace(other, id=2), before=-13.0).reasons}


@given(profiles, profiles)
def test_who_comes_first_does_not_matter(one: Profile, other: Profile) -> None:
    there, back = compare(one, other, before=-13.0), compare(other, one, before=-13.0)
    assert (there.person_a, there.person_b, there.weight) == (back.person_a, back.person_b, back.weight)
    assert {reason.code for reason in there.reasons} == {reason.code for reason in back.reasons}


@given(profiles, profiles, st.floats(-23, -10))
def test_the_weight_is_what_was_expected_and_what_every_field_adds(one: Profile, other: Profile, before: float) -> None:
    found = compare(one, other, before=before)
    odds = max(before, -log2(MOST_COLLEAGUES)) if are_colleagues(one, other) else before
    assert found.weight == pytest.approx(odds + sum(reason.weight or 0 for reason in found.reasons), abs=0.01)
    assert len({reason.code for reason in found.reasons}) == len(found.reasons)


@st.composite
def twins(draw: st.DrawFn) -> tuple[Profile, Profile]:
    """Two records of which some fields are the same, as those of one human are."""
    one, other = draw(profiles), draw(profiles)
    same = draw(st.sets(st.sampled_from(PARTS)))
    return one, replace(other, **{field: getattr(one, field) for field in same})


@given(twins(), st.floats(-23, -5))
def test_a_glance_lets_nobody_go_who_is_worth_asking_about(two: tuple[Profile, Profile], before: float) -> None:
    one, other = two
    assert look_alike(one, [other], before=before) == worth(one, [other], before)


def worth(one: Profile, others: Iterable[Profile], before: float) -> list[Suggested]:
    return [found for other in others if is_worth_asking(found := compare(one, other, before=before))]


def test_the_most_a_field_can_weigh_is_what_it_weighs_where_it_is_the_same() -> None:
    whole = replace(ANNA, births=("19800417",), streets=("Hafenstraße 1",), postcodes=("24103",))
    at_no_firm = replace(whole, places=())
    heaviest: dict[str, float] = {}
    for one in (whole, at_no_firm, replace(at_no_firm, city="")):  # a firm and a city say some of the rest
        for reason in compare(one, replace(one, id=2), before=0.0).reasons:
            heaviest[reason.code] = max(heaviest.get(reason.code, 0.0), reason.weight or 0.0)
    for field in FIELDS:
        assert 0 <= field.most - heaviest.get(field.code, 0.0) < 0.1, field.code


@given(profiles, profiles)
def test_what_is_not_known_says_nothing(one: Profile, other: Profile) -> None:
    nobody = Profile(id=2)
    assert compare(one, nobody, before=-13.0).weight == -13.0
    bare = replace(other, phones=())
    assert "phone" not in {reason.code for reason in compare(one, bare, before=-13.0).reasons}


@given(profiles, profiles)
def test_nobody_who_poses_is_joined_unseen(one: Profile, other: Profile) -> None:
    found = compare(replace(one, lookalike=True), other, before=100.0)
    assert not may_join(found)


@given(profiles)
def test_blocks_fit_the_table_and_never_name_a_mail_domain(one: Profile) -> None:
    found = blocks(one)
    assert all(-(2**63) <= block < 2**63 for block in found)
    elsewhere = replace(one, emails=tuple(address.replace("gmail", "outlook") for address in one.emails))
    if not any("gmail" in address and "." in address.partition("@")[0] for address in one.emails):
        assert blocks(elsewhere) == found


@given(st.integers(0, 10**9), st.integers(0, 10**9))
def test_the_more_are_known_the_more_it_takes(fewer: int, more: int) -> None:
    fewer, more = sorted((fewer, more))
    assert -24 < expected(more) <= expected(fewer) < 0


@pytest.mark.parametrize(
    ("one", "other"),
    [("schmidt", "smith"), ("meier", "mayer"), ("mueller", "muller"), ("philipp", "filip"), ("kramer", "cramer")],
)
def test_names_that_sound_alike(one: str, other: str) -> None:
    assert sound(one) == sound(other)


@pytest.mark.parametrize(
    "other",
    [
        replace(ANNA, emails=("anna.schmitd@acme.com",), family="Schmitd"),  # a slip
        replace(ANNA, emails=("aschmidt@gmail.com",), phones=()),  # from home
        replace(ANNA, given="Schmidt", family="Anna", emails=(), phones=()),  # the other way round
        replace(ANNA, given="A.", emails=(), city=""),  # an initial, the same number
    ],
)
def test_one_human_s_records_share_a_block_and_are_suggested(other: Profile) -> None:
    assert blocks(ANNA) & blocks(other)
    assert weight(ANNA, other) >= SUGGEST_AT


@pytest.mark.parametrize(
    "other",
    [
        replace(ANNA, given="Jonas", family="Klein", emails=("j.klein@acme.com",), phones=()),  # a colleague
        replace(ANNA, given="Jonas", family="Klein", emails=("j.klein@acme.com",)),  # at the same switchboard
        replace(ANNA, emails=("a.s@bolt.com",), phones=(), places=(BOLT,), city="Wien", country="AT"),
        replace(ANNA, given="Peter", emails=("p.s@acme.com",), phones=(), city="Bonn"),  # of the same name at the firm
        replace(ANNA, given="Uta", family="Vogel", emails=("info@acme.com",), phones=(), places=(), city=""),
    ],
)  # fmt: skip
def test_others_are_not(other: Profile) -> None:
    assert weight(ANNA, other) < SUGGEST_AT


@pytest.mark.parametrize("known", [10_000, 50_000, 1_000_000, 10_000_000])
def test_a_slip_in_the_name_of_a_colleague_is_seen_however_many_are_known(known: int) -> None:
    slipped = replace(ANNA, id=2, family="Schmid", emails=("private@elsewhere.example",), phones=())
    colleague = replace(slipped, given="Jana", family="Meier")
    assert is_worth_asking(compare(ANNA, slipped, before=expected(known)))
    assert not is_worth_asking(compare(ANNA, colleague, before=expected(known)))
    elsewhere = replace(slipped, places=(BOLT,))
    assert not is_worth_asking(compare(ANNA, elsewhere, before=expected(known)))


def test_reasons_are_plain_words_without_what_was_compared() -> None:
    said = why(ANNA, replace(ANNA, given="Ana", emails=("schmidt.a@acme.com",)))
    assert said == {
        "name": "Similar given names, same family name",
        "email": "Different e-mail addresses",
        "phone": "Same telephone number",
        "company": "Same company",
        "city": "Same city",
        "title": "Same job title or nearly so",
    }
    assert why(ANNA, replace(ANNA, emails=("info@acme.com",))).keys() & {"email"} == set()


def test_joining_needs_certainty_and_one_only() -> None:
    sure = compare(ANNA, replace(ANNA, id=2, emails=("schmidt@acme.com",)), before=expected(10_000))
    assert (sure.weight >= JOIN_AT, may_join(sure), is_worth_asking(sure)) == (True, True, True)
    assert to_join([sure], 2) == 1
    assert to_join([sure, replace(sure, person_b=3)], 1) is None
    moved = compare(ANNA, replace(ANNA, id=2, emails=("schmidt@acme.com",), country="AT"), before=expected(10_000))
    assert not may_join(moved)  # something speaks against it


def read(name: str) -> list[dict[str, str]]:
    with sample(name).open(encoding="utf-8") as file:
        return [{key.strip(): (value or "").strip() for key, value in row.items()} for row in csv.DictReader(file)]


def known(*values: str) -> tuple[str, ...]:
    return tuple(value for value in values if value)


def febrl(number: int) -> tuple[list[Profile], list[str]]:
    rows = read(f"rl_febrl/dataset{number}.csv")
    people = [
        Profile(
            id=place, given=row["given_name"], family=row["surname"], city=row["suburb"],
            births=known(row["date_of_birth"]), streets=known(row["address_1"]), postcodes=known(row["postcode"]),
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return people, [row["rec_id"].split("-")[1] for row in rows]


def fake() -> tuple[list[Profile], list[str]]:
    rows = read("rl_splink/fake_1000.csv")
    people = [
        Profile(
            id=place, given=row["first_name"], family=row["surname"], city=row["city"], emails=known(row["email"]),
            births=known(re.sub(r"\D", "", row["dob"])),
        )
        for place, row in enumerate(rows)
    ]  # fmt: skip
    return people, [row["cluster"] for row in rows]


def pairs(groups: Iterable[Sequence[int]]) -> set[tuple[int, int]]:
    return {pair for group in groups for pair in combinations(sorted(group), 2)}


def grouped(keys: Iterable[object]) -> list[list[int]]:
    groups = defaultdict(list)
    for place, key in enumerate(keys):
        groups[key].append(place)
    return list(groups.values())


def taken_for_one(people: Sequence[Profile]) -> set[tuple[int, int]]:
    """Pairs of one human as the suggestions have it, those that follow from others among them."""
    in_block = defaultdict(list)
    for one in people:
        for block in blocks(one):
            in_block[block].append(one.id)
    of = list(range(len(people)))
    for a, b in sorted(pairs(ids for ids in in_block.values() if len(ids) <= MOST)):
        if is_worth_asking(compare(people[a], people[b], before=expected(len(people)))):
            of = [of[a] if group == of[b] else group for group in of] if of[a] != of[b] else of
    return pairs(grouped(of))


@pytest.mark.parametrize(("data", "bar"), [("febrl1", 0.97), ("febrl2", 0.97), ("febrl3", 0.97), ("fake", 0.90)])
def test_one_configuration_finds_the_doubles_of_open_data(data: str, bar: float) -> None:
    people, humans = fake() if data == "fake" else febrl(int(data[-1]))
    found, true = taken_for_one(people), pairs(grouped(humans))
    right = len(found & true)
    assert 2 * right / (len(found) + len(true)) >= bar


@pytest.mark.parametrize("data", ["febrl1", "fake"])
def test_of_open_data_a_glance_lets_nobody_go_either(data: str) -> None:
    people, _ = fake() if data == "fake" else febrl(int(data[-1]))
    before, first = expected(len(people)), people[:100]
    assert any(worth(one, people, before) for one in first)
    for one in first:
        assert look_alike(one, people, before=before) == worth(one, people, before)
