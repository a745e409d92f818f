"""What somebody stated about buying."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.qualification.rules import STATED, stated

answers = st.dictionaries(st.sampled_from([*STATED, "colour"]), st.text(max_size=20))


def known(*told: dict[str, str]) -> set[str]:
    so_far: dict[str, object] = {}
    for one in told:
        so_far = stated(one, so_far)  # type: ignore[arg-type, assignment]
    return set(so_far)


def test_each_of_the_four_counts_once() -> None:
    assert known({"budget": "50k", "authority": "yes", "need": "new line", "timing": "in May"}) == set(STATED)
    assert known({"budget": "50k"}, {"budget": "60k"}) == {"budget"}
    assert known({"colour": "blue"}, {"need": "  "}) == set()


def test_what_was_stated_adds_up_over_inquiries() -> None:
    assert known({"budget": "50k"}, {}, {"timing": "May"}) == {"budget", "timing"}


@pytest.mark.parametrize("no", ["No", "none.", "Nein!", "noch  nicht", "PAS ENCORE", "-", "not yet"])
def test_a_no_is_not_stated_and_takes_back_what_was(no: str) -> None:
    assert known({"budget": no}) == set()
    assert known({"budget": "50k", "need": "yes"}, {"budget": no}) == {"need"}


def test_the_words_of_the_answer_are_not_repeated() -> None:
    (reason,) = stated({"budget": "Ask my boss, Anna Muster"}, {}).values()
    assert "Anna" not in reason.text
    assert (reason.code, reason.text, reason.weight) == ("budget", "Money is set aside", 1)


@given(st.lists(answers, max_size=5))
def test_readiness_stays_between_nothing_and_four(told: list[dict[str, str]]) -> None:
    assert known(*told) <= set(STATED)
