"""The pass over the whole base for duplicates: read, search, suggest, and merge what is sure enough.

The search holds no transaction. Every merge is one of its own, explained, and undone by its journal. A pass that is
broken off leaves suggestions and merges that stand, and the next one begins where this one did.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import timedelta
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

import pyarrow as pa

from leadloop.identity.batch.engines import Kind
from leadloop.identity.batch.search import clusters, search, told
from leadloop.identity.batch.table import people_table
from leadloop.identity.contracts import FoundBy, Passed, Suggested, SuggestionRow
from leadloop.identity.queries import last_pass, open_suggestions, pairs_apart
from leadloop.identity.rules.joining import Joined, Pair, join
from leadloop.identity.services import keep_pass, suggest
from leadloop.kernel import clock
from leadloop.kernel.decision import Reason
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import by_system
from leadloop.loop import merging
from leadloop.outreach.services.again import again
from leadloop.people.queries import everybody

DEDUPE = by_system("dedupe")
OVERLAP = timedelta(hours=1)  # no transaction that brings somebody in lasts longer; meeting them twice changes nothing
_AT_ONCE = 1_000
_HELD = "held_back"
Progress = Callable[[str, int, int], None]  # what is done, how much of it, of how much (0: not known)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a pass did. `pairs` are more likely one person than not; `clusters` the groups they make."""

    people: int
    fresh: int
    compared: int
    pairs: int
    clusters: int
    suggested: int
    merged: int
    held_back: int


def dedupe(
    *, accept_above: float | None = None, whole: bool = False, kind: Kind = "duckdb", on: Progress = lambda *_: None
) -> Outcome:
    """Search among those new or changed since the last pass and everybody, or the `whole` base once more.

    Above the probability `accept_above` what was found, now or in earlier passes, is merged unless a rule holds it
    back (`identity.rules.joining`). Raises Invalid for what is no probability, Unavailable where Spark is not there.
    """
    if accept_above is not None and not 0.5 <= accept_above < 1:
        raise Invalid(f"{accept_above} is no such probability", field="accept-above", mend="Say 0.5 to 0.9999")
    began_at = clock.now()
    before = None if whole else last_pass()
    people = people_table(everybody(before - OVERLAP if before else None), on=lambda done: on("Reading", done, 0))
    on("Comparing", 0, 0)
    with TemporaryDirectory(prefix="leadloop-dedupe-") as folder:
        found = search(people, kind=kind, folder=Path(folder))
    suggested = _suggest(found.suggested, on)
    merged, held_back = (0, 0) if accept_above is None else _accept(people, accept_above, on)
    fresh = pa.compute.sum(people["fresh"]).as_py() or 0
    keep_pass(
        Passed(
            began_at=began_at,
            ended_at=clock.now(),
            people=people.num_rows,
            fresh=fresh,
            compared=found.compared,
            pairs=len(found.suggested),
            merged=merged,
        )
    )
    pairs = found.suggested
    return Outcome(people.num_rows, fresh, found.compared, len(pairs), clusters(pairs), suggested, merged, held_back)


def _suggest(pairs: Sequence[Suggested], on: Progress) -> int:
    written = 0
    for start in range(0, len(pairs), _AT_ONCE):
        some = pairs[start : start + _AT_ONCE]
        written += again(partial(suggest, some, now=clock.now()))
        on("Suggesting", start + len(some), len(pairs))
    return written


def _accept(people: pa.Table, above: float, on: Progress) -> tuple[int, int]:
    """Merge what passes found and is sure enough; how many were merged, and how many pairs a rule held back."""
    rows = {(row.person_a, row.person_b): row for row in _sure(math.log2(above / (1 - above)))}
    known = told(people, {one for pair in rows for one in pair})
    pairs = [pair for pair in rows if known.keys() >= set(pair)]
    joined = join(pairs, known, pairs_apart(known))
    _say_held_back(joined, rows)
    merged = 0
    for done, group in enumerate(joined.groups):
        merged += _merge(group, rows)
        on("Merging", done + 1, len(joined.groups))
    return merged, len(joined.held_back)


def _sure(least: float) -> Iterator[SuggestionRow]:
    """What passes found and nobody has decided yet, at least so weighty, the weightiest first."""
    rows = open_suggestions(limit=_AT_ONCE)
    while rows:
        for row in rows:
            if row.weight < least:
                return
            if row.found_by == FoundBy.BATCH:
                yield row
        rows = open_suggestions(limit=_AT_ONCE, after=(rows[-1].weight, rows[-1].id))


def _say_held_back(joined: Joined, rows: Mapping[Pair, SuggestionRow]) -> None:
    """Put with a suggestion why it was not followed, for whoever decides."""
    held = []
    for pair, why in joined.held_back.items():
        row = rows[pair]
        reasons = tuple(Reason(**one) for one in row.reasons if one["code"] != _HELD)
        held.append(Suggested(*pair, row.weight, (*reasons, Reason(_HELD, why.text)), FoundBy.BATCH))
    _suggest(held, lambda *_: None)


def _merge(group: Sequence[int], rows: Mapping[Pair, SuggestionRow]) -> int:
    """Merge a group into its first; how many were. What somebody decided or changed meanwhile is left alone."""
    survivor, merged = group[0], 0
    for loser in group[1:]:
        pairs = [rows[pair] for other in group if (pair := (min(loser, other), max(loser, other))) in rows]
        best = max(pairs, key=lambda row: row.weight)
        reasons = (*(Reason(**one) for one in best.reasons), _how_sure(best.weight))
        try:
            again(partial(merging.join, survivor, loser, actor=DEDUPE, now=clock.now(), reasons=reasons))
        except (Conflict, NotFound, Refused):
            continue
        merged += 1
    return merged


def _how_sure(weight: float) -> Reason:
    """Said in so many to one; beyond a billion nobody is told more."""
    odds = 2 ** min(weight, 30)
    return Reason("batch", f"Found by a pass over the whole base, {odds:,.0f} to 1 that they are one person", weight)
