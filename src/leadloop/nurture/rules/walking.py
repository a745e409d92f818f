"""How far a lead gets on its journey at one moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from leadloop.criteria.rules import holds
from leadloop.nurture.contracts import Decide, Graph, HandOver, Recycle, Send, Sending, Step, Wait, Walk


def first_due(graph: Graph, now: datetime) -> datetime:
    """When a lead that enters now has its first step: at once, unless the journey begins with a wait."""
    first = graph.nodes[graph.start]
    return now + first.span if isinstance(first, Wait) else now


def walk(graph: Graph, node: str, values: Mapping[str, Any], now: datetime) -> Walk:
    """Go on from `node`, where a wait is over now, until the next wait or the end.

    `values` are what decisions ask of the lead, see `SUPPLIED`. Raises Invalid for a condition that can't be read
    any more. A sound graph always comes to a wait or an end.
    """
    steps: list[Step] = []
    sends: list[Sending] = []
    current = graph.nodes[node]
    if isinstance(current, Wait):
        steps.append(Step(node, current.next))
        node, current = current.next, graph.nodes[current.next]
    while isinstance(current, Send | Decide):
        if isinstance(current, Send):
            sends.append(Sending(node, current.template))
            steps.append(Step(node, current.next))
        else:
            steps.append(_decided(node, current, values, now))
        node = steps[-1].after
        current = graph.nodes[node]
    if isinstance(current, HandOver | Recycle):
        return Walk(tuple(steps), tuple(sends), node, None, current)
    return Walk(tuple(steps), tuple(sends), node, now + current.span, None)


def _decided(name: str, node: Decide, values: Mapping[str, Any], now: datetime) -> Step:
    decision = holds(node.when, values, now)
    return Step(name, node.yes if decision.outcome else node.no, "yes" if decision.outcome else "no", decision.reasons)
