"""Which keys somebody has, and who is whom."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.crossing import crossing
from leadloop.identity.rules.explaining import explained
from leadloop.identity.rules.keys import EMAIL, PHONE, firm_keys, person_keys
from leadloop.identity.rules.matching import Asked, Holder, match
from leadloop.identity.rules.merging import may_merge
from leadloop.people.contracts import Standing


def test_the_strongest_key_comes_first() -> None:
    anna = Candidate(ref=1, email="a.nna+fair@gmail.com", phone="+4930", external=(("crm", "7"), ("erp", "9")))
    assert person_keys(anna) == [
        ("email", "anna@gmail.com"),
        ("external:crm", "7"),
        ("external:erp", "9"),
        ("phone", "+4930"),
    ]
    assert person_keys(Candidate(ref=1, given="Anna")) == []


@pytest.mark.parametrize(
    ("told", "keys"),
    [
        ({"email": "anna@mail.acme.co.uk"}, [("domain", "acme.co.uk")]),
        ({"email": "anna@gmail.com"}, []),
        ({"email": "anna@gmail.com", "website": "https://www.acme.com/team"}, [("domain", "acme.com")]),
        ({"email": "anna@gmail.com", "domain": "gmail.com"}, []),
        ({"email": "x@mailinator.com", "disposable": True}, []),
        ({"email": "x@throwaway.example.com", "disposable": True}, []),
        ({"email": "x@sub.mailinator.com"}, []),
        ({"company_name": "Müller GmbH", "country": "DE"}, [("name", "muller|DE")]),
        ({"company_name": "Müller GmbH", "email": "a@mueller.de"}, [("domain", "mueller.de"), ("name", "muller|")]),
        ({"company_name": "n/a"}, []),
        ({"company_name": "Privat"}, []),
        ({"company_name": " - "}, []),
        ({"domain": "co.uk"}, []),
        ({}, []),
    ],
)
def test_what_names_a_firm(told: dict[str, Any], keys: list[tuple[str, str]]) -> None:
    assert firm_keys(Candidate(ref=1, **told)) == keys


def asked(email: str = "", phone: str = "", family: str = "", external: str = "") -> Asked:
    keys = [(EMAIL, email), ("external:crm", external), (PHONE, phone)]
    return Asked([key for key in keys if key[1]], bool(email), family)


def holders(known: dict[tuple[str, str], Holder], *batch: Asked) -> list[int]:
    return [found.holder for found in match(batch, known, weakest=PHONE).matches]


ANNA = Holder(7, has_strongest=True, family="Berg")
SHY = Holder(8, has_strongest=False, family="Berg")


@pytest.mark.parametrize(
    ("known", "one", "holder"),
    [
        ({}, asked("a", "1"), -1),
        ({(EMAIL, "a"): ANNA}, asked("a", "1"), 7),
        ({(PHONE, "1"): ANNA}, asked("", "1"), 7),
        ({(PHONE, "1"): ANNA}, asked("b", "1"), -1),
        ({(PHONE, "1"): SHY}, asked("b", "1"), 8),
        ({(PHONE, "1"): SHY}, asked("", "1", "Klein"), -1),
        ({(PHONE, "1"): SHY}, asked("", "1", "van der Berg"), 8),
        ({(EMAIL, "a"): ANNA, (PHONE, "1"): SHY}, asked("a", "1"), 7),
        ({(EMAIL, "a"): ANNA, ("external:crm", "9"): SHY}, asked("a", "", "", "9"), 7),
        ({("external:crm", "9"): ANNA}, asked("b", "", "Klein", "9"), 7),
        ({(PHONE, "2"): SHY, ("external:crm", "9"): ANNA}, asked("", "2", "", "9"), 7),
    ],
)
def test_the_stronger_key_decides(known: dict[tuple[str, str], Holder], one: Asked, holder: int) -> None:
    assert holders(known, one) == [holder]


def test_candidates_of_one_batch_meet_by_the_same_rules() -> None:
    batch = [asked("", "1"), asked("a", "1"), asked("b", "1"), asked("a", "2"), asked("", "2", "Klein"), asked()]
    assert holders({}, *batch) == [-1, -1, -3, -1, -1, -6]


def test_keys_that_lead_elsewhere_are_told() -> None:
    (found,) = match([asked("a", "1")], {(EMAIL, "a"): ANNA, (PHONE, "1"): SHY}, weakest=PHONE).matches
    assert (found.holder, found.by, found.against) == (7, ("email",), ("phone",))
    assert [r.code for r in explained(found.by, found.against, is_new=False).reasons] == ["same_email", "keys_disagree"]
    (apart,) = match([asked("b", "1")], {(PHONE, "1"): ANNA}, weakest=PHONE).matches
    assert explained(apart.by, apart.against, is_new=True).reasons[0].text == (
        "Shares the telephone number with somebody, but is not the same person"
    )


def test_a_key_that_is_held_is_not_claimed() -> None:
    plan = match([asked("b", "1")], {(PHONE, "1"): ANNA}, weakest=PHONE)
    assert plan.claims == {(EMAIL, "b"): -1}


LETTERS = st.sampled_from(["", "", "a", "b", "c"])
BATCH = st.lists(st.builds(asked, LETTERS, LETTERS, LETTERS), max_size=8)
KNOWN = st.dictionaries(
    st.tuples(st.sampled_from([EMAIL, PHONE]), st.sampled_from("abc")),
    st.integers(1, 3).map(lambda i: Holder(i, has_strongest=i < 3, family="")),
)


@given(BATCH, KNOWN)
def test_whatever_comes(batch: list[Asked], known: dict[tuple[str, str], Holder]) -> None:
    plan = match(batch, known, weakest=PHONE)
    held = {**{key: holder.id for key, holder in known.items()}, **plan.claims}
    assert len(plan.matches) == len(batch)
    assert plan.claims.keys().isdisjoint(known)
    for one, found in zip(batch, plan.matches, strict=True):
        assert all(key in held for key in one.keys)
        if one.has_strongest:  # one address is one person, whatever else was said
            assert held[one.keys[0]] == found.holder
    new = [found.holder for found in plan.matches if found.holder < 0]
    assert all(plan.matches[-holder - 1].holder == holder for holder in new)


@given(BATCH)
def test_two_addresses_are_two_persons(batch: list[Asked]) -> None:
    addresses: dict[int, set[str]] = {}
    for one, found in zip(batch, match(batch, {}, weakest=PHONE).matches, strict=True):
        addresses.setdefault(found.holder, set()).update(value for kind, value in one.keys if kind == EMAIL)
    assert all(len(of) <= 1 for of in addresses.values())


@given(BATCH)
def test_the_same_batch_again_finds_the_same_persons(batch: list[Asked]) -> None:
    first = match(batch, {}, weakest=PHONE)
    with_address = {held for (kind, _), held in first.claims.items() if kind == EMAIL}
    families: dict[int, str] = {}
    for one, found in zip(batch, first.matches, strict=True):
        families[found.holder] = families.get(found.holder) or one.family
    known = {key: Holder(held, held in with_address, families[held]) for key, held in first.claims.items()}
    again = match(batch, known, weakest=PHONE)
    for one, before, after in zip(batch, first.matches, again.matches, strict=True):
        if one.has_strongest:
            assert after.holder == before.holder


def test_who_may_be_merged() -> None:
    anna, gone = Standing(1, 1, erased=False, family=""), Standing(2, 2, erased=True, family="")
    assert may_merge(anna, anna, said_apart=False).outcome
    assert [r.code for r in may_merge(anna, gone, said_apart=True).reasons] == ["erased", "never_merge"]


def test_who_shares_a_person_or_firm_with_somebody_else_is_crossing_and_so_are_those_behind() -> None:
    def candidates(*emails: str) -> list[Candidate]:
        return [Candidate(ref=ref, email=email) for ref, email in enumerate(emails)]

    others = candidates("anna@acme.com", "zoe@gmail.com")
    here = candidates("bea@other.com", "carl@acme.com", "zoe@gmail.com", "dan@gmail.com")
    assert crossing(here, others) == {1, 2}
    assert crossing(here, []) == set()
    carl = Candidate(ref=1, email="carl@acme.com", phone="+4930")
    assert crossing([carl, Candidate(ref=2, phone="+4930"), Candidate(ref=3, phone="+4931")], others) == {1, 2}
    assert crossing([Candidate(ref=2, phone="+4930"), carl], others) == {1}
