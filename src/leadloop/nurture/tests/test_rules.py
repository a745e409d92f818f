"""Which journeys are sound, and how far a lead gets on one."""

from __future__ import annotations

from datetime import timedelta
from math import isclose, log2
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import Invalid
from leadloop.nurture.contracts import Graph, HandOver, Recycle, Sending, Wait, leads_to
from leadloop.nurture.rules import SUPPLIED, check_graph, engagement_now, first_due, read_graph, unsupplied, walk
from leadloop.nurture.standard import GRAPH
from leadloop.nurture.tests.garden import HAND_OVER, READY, RECYCLE, decide, graph, send, wait
from tests.support.cast import MONDAY

NAMES = ("a", "b", "c", "d", "e", "f")

nodes = st.one_of(
    st.builds(lambda to: wait(to), st.sampled_from(NAMES)),
    st.builds(lambda to: send("hello", to), st.sampled_from(NAMES)),
    st.builds(decide, st.sampled_from(NAMES), st.sampled_from(NAMES)),
    st.just(HAND_OVER),
    st.just(RECYCLE),
)
any_graph = st.builds(
    lambda some: Graph.model_validate({"start": "a", "nodes": dict(zip(NAMES, some, strict=False))}),
    st.lists(nodes, min_size=1, max_size=len(NAMES)),
)


def ready(yes: bool) -> dict[str, Any]:
    return {"score.readiness": 4 if yes else 0}


@pytest.mark.parametrize(
    ("given", "field", "words"),
    [
        (graph("x", a=HAND_OVER), "start", "does not exist"),
        (graph("a", a=wait("b")), "nodes.a", "does not exist"),
        (graph("a", a=decide("b", "gone"), b=HAND_OVER), "nodes.a", "does not exist"),
        (graph("a", a=HAND_OVER, b=RECYCLE), "nodes.b", "No way leads here"),
        (graph("a", a=wait("b"), b=wait("a")), "nodes.a", "no way leads to an end"),
        (graph("a", a=send("x", "b"), b=decide("a", "c"), c=HAND_OVER), "nodes.a", "without ever waiting"),
        (graph("a", a=decide("a", "b"), b=HAND_OVER), "nodes.a", "without ever waiting"),
        (graph("a", a=wait("b", days=0), b=HAND_OVER), "nodes.a", "no time"),
        ({"start": "a", "nodes": {}}, "nodes", "1 to 200"),
        ({"start": "a", "nodes": {"a": {"do": "dance"}}}, "nodes.a", "dance"),
        ({"start": "a", "nodes": {"a": {"do": "recycle", "reason": "not_now"}}}, "nodes.a.recycle.days", "required"),
        ({"start": "a", "nodes": {"a": {**HAND_OVER, "next": "b"}}}, "nodes.a.hand_over.next", "not permitted"),
    ],
)
def test_an_unsound_journey_is_refused_by_the_name_of_its_node(given: Any, field: str, words: str) -> None:
    with pytest.raises(Invalid) as no:
        read_graph(given)
    assert no.value.field == field
    assert words in no.value.problem
    assert no.value.mend


@given(any_graph, st.data())
def test_on_a_sound_journey_every_lead_comes_to_a_wait_or_an_end(some: Graph, data: st.DataObject) -> None:
    try:
        check_graph(some)
    except Invalid:
        return
    node = data.draw(st.sampled_from(sorted(some.nodes)))
    taken = walk(some, node, ready(data.draw(st.booleans())), MONDAY)
    assert len(taken.steps) <= len(some.nodes) + 1
    here = some.nodes[taken.node]
    assert (taken.end is not None) == (not leads_to(here))
    if taken.end is None:
        assert isinstance(here, Wait)
        assert taken.due_at == MONDAY + here.span
    visited = [node, *(step.after for step in taken.steps)]
    assert [step.node for step in taken.steps] == visited[:-1]
    assert visited[-1] == taken.node


@given(any_graph)
def test_whoever_always_waits_long_enough_gets_to_an_end(some: Graph) -> None:
    """Ends can be reached from everywhere; going the shorter way each time, a lead is through in at most all nodes."""
    try:
        check_graph(some)
    except Invalid:
        return
    distance = {name: 0 for name, node in some.nodes.items() if not leads_to(node)}
    while len(distance) < len(some.nodes):
        distance |= {
            name: 1 + min(distance[after] for after in leads_to(node) if after in distance)
            for name, node in some.nodes.items()
            if name not in distance and any(after in distance for after in leads_to(node))
        }
    assert max(distance.values()) < len(some.nodes)


def test_a_journey_that_begins_with_a_wait_is_due_after_it_and_any_other_at_once() -> None:
    assert first_due(read_graph(graph("a", a=wait("b", days=2), b=HAND_OVER)), MONDAY) == MONDAY + timedelta(days=2)
    assert first_due(read_graph(graph("a", a=wait("b", minutes=90), b=HAND_OVER)), MONDAY) == MONDAY + timedelta(
        minutes=90
    )
    assert first_due(read_graph(graph("a", a=HAND_OVER)), MONDAY) == MONDAY


def test_the_standard_journey_writes_twice_and_then_hands_over_or_recycles() -> None:
    first = walk(GRAPH, "settle", {}, MONDAY)
    assert first.sends == (Sending("useful", "nurture-useful"),)
    assert (first.node, first.due_at, first.end) == ("think", MONDAY + timedelta(days=5), None)
    eager = walk(GRAPH, "think", ready(True), MONDAY)
    assert (eager.sends, eager.node, eager.end) == ((), "sales", HandOver(label="Hand over to sales"))
    calm = walk(GRAPH, "think", ready(False), MONDAY)
    assert (calm.sends, calm.node) == ((Sending("question", "nurture-question"),), "answer")
    assert isinstance(walk(GRAPH, "answer", {"score.engagement": 20.0}, MONDAY).end, HandOver)
    assert isinstance(walk(GRAPH, "answer", {"score.engagement": 19.9}, MONDAY).end, Recycle)


def test_a_decision_says_which_way_and_why() -> None:
    (left, decided) = walk(GRAPH, "answer", {"score.readiness": 3}, MONDAY).steps
    assert (left.node, left.after, left.code) == ("answer", "still_ready", "")
    assert (decided.node, decided.after, decided.code) == ("still_ready", "sales", "yes")
    assert any("3" in reason.text for reason in decided.reasons)


@given(points=st.floats(0.001, 1e6), days=st.floats(0, 300), half_life=st.floats(1, 365))
def test_engagement_halves_with_every_half_life(points: float, days: float, half_life: float) -> None:
    stored = log2(points) + MONDAY.timestamp() / (half_life * 86_400)
    later = MONDAY + timedelta(days=days)
    expected = points * 2 ** (-days / half_life)
    assert isclose(engagement_now(stored, later, half_life), expected, rel_tol=1e-3, abs_tol=1e-12)


def test_nothing_is_no_engagement_and_nonsense_stays_within_bounds() -> None:
    assert engagement_now(None, MONDAY, 30) == 0.0
    assert engagement_now(1e9, MONDAY, 30) == 1e15
    assert engagement_now(-1e9, MONDAY, 30) == 0.0


def test_a_condition_may_only_ask_for_what_a_journey_knows() -> None:
    assert unsupplied(READY) == []
    nested = {"all": [READY, {"none": [{"facet": "portal.key", "op": "=", "value": "web"}]}]}
    assert unsupplied(nested) == ["portal.key"]
    assert not any("email" in key or "name" in key for key in SUPPLIED if key.startswith("person."))
