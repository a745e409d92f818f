"""Which account a lead belongs to: the order of the tie-breaks, and who can take it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.distribution.account_rules import Account, choose_account, may_take
from leadloop.distribution.tests.test_rules import FREE
from tests.support.cast import MONDAY

PLAIN = Account(company_id=5, by_domain=False, owner_id=None)
BETTER = (
    ("domain", replace(PLAIN, company_id=9, by_domain=True)),
    ("looks after", replace(PLAIN, company_id=9, owner_id=3)),
    ("open deal", replace(PLAIN, company_id=9, has_open_deal=True)),
    ("heard of last", replace(PLAIN, company_id=9, last_touch_at=MONDAY)),
    ("longer", replace(PLAIN, company_id=4)),
)


@pytest.mark.parametrize(("word", "better"), BETTER, ids=[word for word, _ in BETTER])
def test_each_tie_break_decides_by_itself_and_says_so(word: str, better: Account) -> None:
    decision = choose_account([PLAIN, better])
    assert decision.outcome == better
    assert word in decision.reasons[-1].text


def test_an_earlier_tie_break_goes_before_all_later_ones() -> None:
    rest = Account(company_id=1, by_domain=False, owner_id=3, has_open_deal=True, last_touch_at=MONDAY)
    assert choose_account([rest, PLAIN, replace(PLAIN, company_id=9, by_domain=True)]).outcome == replace(
        PLAIN, company_id=9, by_domain=True
    )
    older = replace(rest, company_id=2, last_touch_at=MONDAY - timedelta(days=1))
    assert choose_account([older, rest]).outcome == rest
    assert choose_account([]).outcome is None


ACCOUNTS = st.builds(
    Account,
    company_id=st.integers(1, 50),
    by_domain=st.booleans(),
    owner_id=st.none() | st.integers(1, 3),
    has_open_deal=st.booleans(),
    last_touch_at=st.none() | st.just(MONDAY),
)


@given(st.lists(ACCOUNTS, min_size=1, max_size=6, unique_by=lambda one: one.company_id), st.randoms())
def test_the_order_in_which_they_are_found_changes_nothing(found: list[Account], dice: object) -> None:
    shuffled = list(found)
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert choose_account(shuffled) == choose_account(found)


def test_an_owner_takes_it_while_here_and_within_the_caps_of_a_pool() -> None:
    full = replace(FREE, daily_cap=1, taken_today=1)
    assert may_take(3, is_here=True, gave_back=False, seats=[]).outcome
    assert may_take(3, is_here=True, gave_back=False, seats=[full, FREE]).outcome
    for decision, word in (
        (may_take(3, is_here=False, gave_back=False, seats=[]), "away"),
        (may_take(3, is_here=True, gave_back=True, seats=[]), "gave this lead back"),
        (may_take(3, is_here=True, gave_back=False, seats=[full]), "today's 1 already"),
    ):
        assert not decision.outcome
        assert word in decision.reasons[0].text
