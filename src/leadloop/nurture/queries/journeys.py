"""Journeys and their versions."""

from __future__ import annotations

from collections.abc import Collection
from functools import lru_cache
from typing import Any

import orjson

from leadloop.nurture.contracts import Graph, JourneyRow
from leadloop.nurture.sql import fetch

_COLUMNS = "j.id, j.key, j.version, j.name, j.graph::text, j.owner_id, j.interest_id, j.published_at, j.retired_at"
_PUBLISHED = "j.published_at is not null and j.retired_at is null"
_ENDED = """
(select coalesce(jsonb_object_agg(reason, number), '{}')::text
   from (select reason, count(*) as number from nurture_enrolment e
          where e.journey_id = j.id and e.state <> 'waiting' group by reason) c)
"""


def journeys() -> list[JourneyRow]:
    """Every version of every journey, by key, the newest first, with how many leads are on it or left. One query."""
    found = fetch(
        f"""
        select {_COLUMNS},
               (select count(*) from nurture_enrolment e where e.journey_id = j.id and e.state = 'waiting'), {_ENDED}
          from nurture_journey j order by j.key, j.version desc
        """
    )
    return [_row(values) for values in found]


def published() -> dict[str, int]:
    """The id of the version in force by key of the journey. One query."""
    return dict(fetch(f"select j.key, j.id from nurture_journey j where {_PUBLISHED}"))


def graphs(journey_ids: Collection[int]) -> dict[int, Graph]:
    """The graphs of these versions. One query."""
    found = fetch("select id, graph::text from nurture_journey where id = any(%s)", [list(journey_ids)])
    return {journey_id: graph_of(text) for journey_id, text in found}


@lru_cache(maxsize=64)
def graph_of(text: str) -> Graph:
    """A graph from its JSON text; equal texts give the same object."""
    return Graph.model_validate(orjson.loads(text))


def _row(values: tuple[Any, ...]) -> JourneyRow:
    head, (waiting, ended) = values[:9], values[9:]
    return JourneyRow(*(*head[:4], graph_of(head[4]), *head[5:], waiting, orjson.loads(ended)))
