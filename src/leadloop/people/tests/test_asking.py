"""Consent to be confirmed by mail: when it is asked, and what an erasure leaves of it."""

from __future__ import annotations

import itertools
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import NotFound
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Asked, Channel, ConsentWord
from leadloop.people.queries import confirmation_counts, confirmations_for, confirmations_of, consents
from leadloop.people.rules.asking import AGAIN_AFTER, VALID, Before, must_ask
from leadloop.people.services import ask_consent, confirm, export, forget, give_consent
from leadloop.people.tests.world import ME, NOW, facts, known
from leadloop.people.tokens import confirm_url, read_confirm_token

YES = "Yes, write to me."
HERE = "portal:7"


def word(person_id: int, wording: str = YES, source: str = HERE) -> ConsentWord:
    return ConsentWord(person_id=person_id, channel=Channel.EMAIL, purpose="marketing", wording=wording, source=source)


def ask(*words: ConsentWord) -> int:
    return ask_consent(words, actor=ME, now=NOW)


@pytest.mark.parametrize(
    ("before", "asked"),
    [
        (Before(), True),
        (Before(ruling=("given", YES)), True),  # known, but never confirmed
        (Before(confirmed=YES, ruling=("given", YES)), False),
        (Before(confirmed=YES, ruling=("withdrawn", "")), True),
        (Before(confirmed="Other words", ruling=("given", "Other words")), True),
        (Before(asked_at=NOW), False),
        (Before(asked_at=NOW - AGAIN_AFTER), True),
    ],
)
def test_who_is_asked(before: Before, asked: bool) -> None:
    assert must_ask(before, YES, NOW) is asked


@given(st.lists(st.integers(0, 72 * 60), min_size=1, max_size=60))
def test_two_mails_are_never_closer_than_a_day(minutes: list[int]) -> None:
    sent = []
    for minute in sorted(minutes):
        now = NOW + timedelta(minutes=minute)
        if must_ask(Before(asked_at=sent[-1] if sent else None), YES, now):
            sent.append(now)
    assert len(sent) <= 4
    assert all(later - earlier >= AGAIN_AFTER for earlier, later in itertools.pairwise(sent))


def test_two_people_with_one_address_share_the_mail_of_a_day(db: None) -> None:
    anna, office = known("Anna", emails=("info@x.example",)), known("Bo", emails=("info+bo@x.example",))
    assert ask(word(anna), word(office), word(anna)) == 1
    assert ask(word(office, source="portal:8")) == 1
    assert len(facts("consent.asked")) == 2


def test_nobody_is_asked_who_cannot_be(db: None) -> None:
    phone, gone = known("Ann", phones=("+49 30 123",)), known("Zoe", emails=("zoe@x.example",))
    forget(person_id=gone, actor=ME, now=NOW)
    assert ask(word(phone), word(gone), word(10**9)) == 0


def test_the_counts_are_those_of_their_rows(db: None) -> None:
    ids = [known(f"P{n}", emails=(f"p{n}@x.example",)) for n in range(3)]
    ask(*(word(one) for one in ids))
    first, second, _ = sorted(confirmations_for(HERE, None, now=NOW), key=lambda row: row.id)
    later = NOW + VALID
    assert confirm(first.id, address="192.0.2.1", actor=ME, now=later - timedelta(seconds=1)) is Asked.CONFIRMED
    assert confirm(second.id, address="192.0.2.1", actor=ME, now=later) is Asked.EXPIRED
    assert confirmation_counts(HERE, now=later) == {Asked.WAITING: 0, Asked.CONFIRMED: 1, Asked.EXPIRED: 2}
    for state, count in confirmation_counts(HERE, now=later).items():
        assert len(confirmations_for(HERE, state, now=later)) == count


def test_an_older_consent_stands_until_the_new_one_is_confirmed(db: None) -> None:
    anna = known("Anna", emails=("anna@x.example",))
    give_consent([word(anna, "Old words")], actor=ME, now=NOW - timedelta(days=9))
    ask(word(anna))
    assert [one.wording for one in consents([anna])[anna]] == ["Old words"]
    (row,) = confirmations_of([anna])
    confirm(row.id, address="192.0.2.1", actor=ME, now=NOW)
    assert [one.wording for one in consents([anna])[anna]] == [YES]


def test_what_is_kept_goes_out_and_the_network_goes_with_an_erasure(db: None) -> None:
    anna = known("Anna", emails=("anna@x.example",))
    ask(word(anna))
    (row,) = confirmations_of([anna])
    confirm(row.id, address="192.0.2.1", actor=ME, now=NOW)
    (told,) = export(anna)["confirmations"]
    assert (told["wording"], told["confirmed_from"]) == (YES, "192.0.2.1")
    forget(person_id=anna, actor=ME, now=NOW)
    assert fetch("select confirmed_from, wording from people_confirmation") == [("", YES)]
    assert confirm(row.id, address="192.0.2.1", actor=ME, now=NOW) is None


def test_a_link_is_of_one_question_and_cannot_be_made_up() -> None:
    token = confirm_url(17).rpartition("/")[2]
    assert read_confirm_token(token) == 17
    for wrong in (token[:-1], f"1{token}", "17", ""):
        with pytest.raises(NotFound):
            read_confirm_token(wrong)
