"""A visit tells where it came from; the first rule that fits says what to make of it."""

from __future__ import annotations

from fnmatch import fnmatchcase

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.programmes.contracts import Match, Rule, TouchHint
from leadloop.programmes.rules import LONGEST_HINT, matcher

RULES = (
    Rule(30, referrer="*linkedin.com*", source_id=3),
    Rule(10, utm_source="google", utm_medium="cpc", utm_campaign="spring-*", source_id=1, programme_id=100),
    Rule(20, utm_source="google", utm_medium="cpc", source_id=1),
    Rule(40, utm_source="news*", utm_campaign="*2026*", source_id=4, programme_id=400),
)


@pytest.mark.parametrize(
    ("hint", "expected"),
    [
        (TouchHint("google", "cpc", "spring-pumps"), Match(1, 100, 10)),
        (TouchHint("Google", "CPC", "SPRING-"), Match(1, 100, 10)),
        (TouchHint("google", "cpc", "autumn"), Match(1, None, 20)),
        (TouchHint("google", "cpc"), Match(1, None, 20)),
        (TouchHint("google", "organic"), Match()),
        (TouchHint(referrer="https://www.LinkedIn.com/feed/"), Match(3, None, 30)),
        (TouchHint("newsletter", "email", "June 2026"), Match(4, 400, 40)),
        (TouchHint("newsletter", "email", "June 2025"), Match()),
        (TouchHint(" google ", " cpc ", None, None), Match(1, None, 20)),
        (TouchHint("news\nletter", "email", "in\n2026\n"), Match(4, 400, 40)),
        (TouchHint(), Match()),
    ],
)
def test_the_first_fitting_rule_answers(hint: TouchHint, expected: Match) -> None:
    assert matcher(RULES)(hint) == expected


def test_order_of_writing_does_not_count_but_the_number_does() -> None:
    hint = TouchHint("google", "cpc", "spring-pumps", "https://linkedin.com/")
    assert matcher(RULES)(hint) == matcher(tuple(reversed(RULES)))(hint)


def test_without_rules_nothing_fits() -> None:
    assert matcher(())(TouchHint("google")) == Match()
    assert matcher(())(TouchHint()) == Match()


def test_one_part_can_not_spill_into_the_next() -> None:
    rule = Rule(1, utm_source="a*b", utm_medium="", utm_campaign="", referrer="", source_id=1)
    assert matcher((rule,))(TouchHint("a", "b")) == Match()
    assert matcher((rule,))(TouchHint("a--b")).rule == 1


def test_a_very_long_hint_is_cut_before_matching() -> None:
    rule = Rule(1, utm_source="x*x", source_id=1)
    assert matcher((rule,))(TouchHint("x" * (LONGEST_HINT * 1000))).rule == 1
    assert matcher((rule,))(TouchHint("x" + "y" * LONGEST_HINT + "x")) == Match()


def test_many_stars_against_a_hostile_hint_come_to_an_end() -> None:
    rules = tuple(Rule(n, utm_source="*a" * 20 + "!", utm_campaign="*a" * 20 + "!", source_id=1) for n in range(50))
    assert matcher(rules)(TouchHint("a" * 500, "a" * 500, "a" * 500, "a" * 500)) == Match()


GLOBS = st.text("aAb*.[?\\", max_size=6)
TEXTS = st.text("aAb.[?\\", max_size=7)


def fits(glob: str, text: str) -> bool:
    """The oracle: the standard library's globs, with all their other signs made literal."""
    literal = "".join(f"[{c}]" if c in "[?" else c for c in glob.casefold())
    return fnmatchcase(text.casefold(), literal)


@given(st.lists(st.tuples(GLOBS, GLOBS, GLOBS, GLOBS), max_size=6), st.tuples(TEXTS, TEXTS, TEXTS, TEXTS))
def test_it_agrees_with_globs_tried_one_by_one(
    globs: list[tuple[str, str, str, str]], texts: tuple[str, str, str, str]
) -> None:
    rules = tuple(Rule(n, *parts, source_id=n) for n, parts in enumerate(globs))
    fitting = (n for n, parts in enumerate(globs) if all(map(fits, parts, texts)))
    assert matcher(rules)(TouchHint(*texts)).rule == next(fitting, None)
