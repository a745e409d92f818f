"""Whatever is asked, the database and memory give the same answer; and no input becomes SQL."""

from __future__ import annotations

import re
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.criteria import registry
from leadloop.criteria.compile import check, compile_ast, count, explain, matching, select_ids
from leadloop.criteria.queries import values
from leadloop.criteria.rules import holds
from leadloop.criteria.tests import zoo
from leadloop.criteria.tests.strategies import (
    FACETS,
    NOW,
    animals,
    anything,
    conditions,
    enclosures,
    sightings,
    spoilt,
)
from leadloop.kernel.errors import Invalid

many = settings(
    max_examples=120, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)
SQL_WORDS = set(
    re.findall(
        r"\w+",
        "select from where left join on and or not is true false null in any array lower ilike unnest text w between"
        " collate C case when then end numeric jsonb jsonb_typeof string cardinality s v s_enclosure",
    )
)
NAMES = {part for view in zoo.VIEWS for part in (view.view, view.key, view.attributes)} | {
    name for view in zoo.VIEWS for name in (*(c.name for c in view.columns), *(column for _, column in view.links))
}


@many
@given(
    herd=st.lists(st.tuples(animals, st.lists(sightings, max_size=2)), min_size=1, max_size=4),
    pens=st.tuples(enclosures, enclosures),
    guests=st.lists(st.tuples(st.sampled_from([1, 2]), st.sampled_from([0, 1, 2])), max_size=3),
    condition=conditions,
)
def test_database_and_memory_agree(open_zoo: None, herd: Any, pens: Any, guests: Any, condition: Any) -> None:
    zoo.clear()
    for number, pen in enumerate(pens, 1):
        zoo.put("enclosure", enclosure_id=number, **pen)
    for pen_id, number in guests:
        zoo.put("visit", enclosure_id=pen_id, guests=number)
    for number, (animal, seen) in enumerate(herd, 1):
        zoo.put("animal", animal_id=number, **animal)
        for sighting in seen:
            zoo.put("sighting", animal_id=number, **sighting)
    ids = list(range(1, len(herd) + 1))
    known = values(FACETS, "animal", ids)
    in_memory = {one for one in ids if holds(condition, known[one], NOW).outcome}

    assert matching(condition, "animal", ids, NOW) == in_memory
    assert select_ids(condition, "animal", NOW) == sorted(in_memory)
    assert count(condition, "animal", NOW) == len(in_memory)
    assert explain(condition)


@many
@given(ast=anything | spoilt)
def test_no_input_becomes_sql(open_zoo: None, ast: Any) -> None:
    wrong = check(ast, "animal")
    assert wrong is None or isinstance(wrong, Invalid)
    try:
        compiled = compile_ast(ast, "animal", now=NOW)
    except Invalid:
        assert wrong is not None
        return
    without_patterns = re.sub(r"'\^[^']*\$'", "", compiled.select)
    assert set(re.findall(r"[A-Za-z_]\w*", without_patterns.replace("%s", ""))) <= SQL_WORDS | NAMES
    assert compiled.select.count("%s") == len(compiled.params)
    assert select_ids(ast, "animal", NOW) is not None


@many
@given(ast=anything | spoilt, known=st.dictionaries(st.sampled_from(sorted(FACETS)), anything, max_size=6))
def test_memory_answers_or_says_what_is_wrong(ast: Any, known: Any) -> None:
    wrong = None
    try:
        outcome = holds(ast, known, NOW).outcome
    except Invalid as caught:
        wrong = caught
    assert (wrong.field and wrong.mend) if wrong else outcome in (True, False)


def test_the_words_of_the_zoo_are_registered() -> None:
    assert {facet.key for facet in registry.facets("animal")} >= {key for key in FACETS if ".custom." not in key}
