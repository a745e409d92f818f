"""The search from people to suggestions: who may be whom, how sure that is, and what speaks for it."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from leadloop.identity.batch.configuration import COMPARISONS
from leadloop.identity.batch.engines import Kind, engine
from leadloop.identity.batch.scoring import Scored, score
from leadloop.identity.batch.table import FIELDS
from leadloop.identity.contracts import FoundBy, Suggested
from leadloop.identity.rules.joining import Told
from leadloop.kernel.decision import Reason
from leadloop.kernel.values import dataclass

LEAST = 0.5  # what is more likely than not is suggested
_FEWEST = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What a search found: suggestions, the surest first; how many candidates it weighed; the share that matches."""

    suggested: list[Suggested]
    compared: int
    share: float


def search(people: pa.Table, *, kind: Kind = "duckdb", folder: Path | None = None, least: float = LEAST) -> Found:
    """Search for duplicates among these people (see `table.people_table`); pairs of two not fresh are left out.

    Holds no transaction and reads no database of ours. The same people give the same answer.
    """
    if people.num_rows < _FEWEST:
        return Found([], 0, 0.0)
    with engine(kind, folder=folder) as opened:
        scored = score(opened, people, least=least)
    return Found(list(_suggestions(scored)), scored.compared, scored.share)


def _suggestions(scored: Scored) -> Iterator[Suggested]:
    for place in np.lexsort((scored.high, scored.low, -scored.weight)).tolist():
        yield Suggested(
            int(scored.low[place]),
            int(scored.high[place]),
            round(float(scored.weight[place]), 2),
            _reasons(scored, place),
            FoundBy.BATCH,
        )


def _reasons(scored: Scored, place: int) -> tuple[Reason, ...]:
    """What each field adds, the weightiest first; fields that one side does not tell add nothing."""
    found = []
    for one in COMPARISONS:
        level = int(scored.levels[one.name][place])
        if level >= 0:
            weight = round(float(scored.weights[one.name][place]), 1)
            found.append(Reason(one.name, one.levels[level].says, weight))
    return tuple(sorted(found, key=lambda reason: -abs(reason.weight or 0)))


def told(people: pa.Table, ids: Collection[int]) -> dict[int, Told]:
    """What these people's records say, as far as joining asks (see `rules.joining`)."""
    rows = people.filter(pc.is_in(people["id"], pa.array(sorted(ids), pa.int64()))).to_pylist()
    return {row["id"]: _told(row) for row in rows}


def _told(row: dict[str, object]) -> Told:
    text = {name: str(row[name] or "") for name in ("given", "family", "birth", "email")}
    fields = sum(row[name] is not None for name in FIELDS)
    return Told(_id(row), **text, lookalike=bool(row["lookalike"]), fields=fields)


def _id(row: dict[str, object]) -> int:
    assert isinstance(row["id"], int)
    return row["id"]


def clusters(pairs: Sequence[Suggested]) -> int:
    """How many groups of two or more these pairs make, everybody counted whom a chain of pairs connects."""
    group: dict[int, int] = {}

    def root(one: int) -> int:
        while group.setdefault(one, one) != one:
            group[one] = group[group[one]]
            one = group[one]
        return one

    for pair in pairs:
        group[root(pair.person_a)] = root(pair.person_b)
    return sum(one == root(one) for one in list(group))
