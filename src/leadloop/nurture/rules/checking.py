"""Which graphs are journeys: no dead ends, no standing still, nothing that nobody ever reaches."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from pydantic import ValidationError

from leadloop.kernel.errors import Invalid
from leadloop.nurture.contracts import Graph, Node, Wait, leads_to

MOST_NODES = 200


def read_graph(given: Graph | Mapping[str, Any]) -> Graph:
    """A sound graph from what an editor or a file gives. Raises Invalid that names the node as its field."""
    try:
        graph = given if isinstance(given, Graph) else Graph.model_validate(given)
    except ValidationError as error:
        first = error.errors()[0]
        raise Invalid(
            first["msg"], field=".".join(str(part) for part in first["loc"]) or "graph", mend="Mend this step"
        ) from None
    check_graph(graph)
    return graph


def check_graph(graph: Graph) -> None:
    """Raise Invalid, naming the node as its field, unless every lead that enters gets to an end some day."""
    if not 0 < len(graph.nodes) <= MOST_NODES:
        raise Invalid(f"A journey has 1 to {MOST_NODES} steps", field="nodes", mend="Split it into several journeys")
    if graph.start not in graph.nodes:
        raise _wrong("start", f"It begins at “{graph.start}”, which does not exist", "Name the first step")
    for name, node in graph.nodes.items():
        for after in leads_to(node):
            if after not in graph.nodes:
                raise _at(name, f"It leads to “{after}”, which does not exist", "Add that step, or lead elsewhere")
        if isinstance(node, Wait) and node.span <= timedelta(0):
            raise _at(name, "It waits for no time at all", "Give days or minutes, or take the step out")
    _check_ways(graph)


def _check_ways(graph: Graph) -> None:
    ways = {name: leads_to(node) for name, node in graph.nodes.items()}
    reached = _closure([graph.start], ways)
    for name in graph.nodes:
        if name not in reached:
            raise _at(name, "No way leads here", "Connect it, or take it out")
    back: dict[str, list[str]] = {name: [] for name in graph.nodes}
    for name, following in ways.items():
        for after in following:
            back[after].append(name)
    ending = _closure([name for name, following in ways.items() if not following], back)
    for name in graph.nodes:
        if name not in ending:
            raise _at(name, "From here no way leads to an end", "Let it end with a hand-over or by recycling")
    hasty = _endless(graph.nodes, ways)
    if hasty is not None:
        raise _at(hasty, "It comes back to itself without ever waiting", "Put a wait into the loop")


def _closure(start: Iterable[str], ways: Mapping[str, Iterable[str]]) -> set[str]:
    found, open_ends = set(start), list(start)
    while open_ends:
        new = set(ways[open_ends.pop()]) - found
        found |= new
        open_ends += new
    return found


def _endless(nodes: Mapping[str, Node], ways: Mapping[str, Iterable[str]]) -> str | None:
    """A node that leads back to itself without a wait in between; None when there is none."""
    hurried = {name: () if isinstance(node, Wait) else ways[name] for name, node in nodes.items()}
    return next((name for name in nodes if name in _closure(hurried[name], hurried)), None)


def _at(node: str, problem: str, mend: str) -> Invalid:
    return _wrong(f"nodes.{node}", problem, mend)


def _wrong(field: str, problem: str, mend: str) -> Invalid:
    return Invalid(problem, field=field, mend=mend)
