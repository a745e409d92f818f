"""Who may be whom: what waits for somebody to decide, and what was decided."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from leadloop.identity.contracts import FoundBy, SuggestionRow, Verdict
from leadloop.ledger.reads import Read, ask
from leadloop.ledger.sql import fetch

_COLUMNS = "id, low_id, high_id, weight, reasons, found_by, state, found_at, decided_by, decided_at"
_OPEN = f"""
select {_COLUMNS} from identity_suggestion
 where state = 'open' and weight <= %s and (weight, -id) < (%s, -%s) order by weight desc, id limit %s
"""
_OF = f"""
select {_COLUMNS} from identity_suggestion
 where (low_id = any(%s) or high_id = any(%s)) and state = any(%s::text[]) order by weight desc, id
"""
After = tuple[float, int]  # weight and id of the last one seen
FROM_THE_TOP: After = (float("inf"), 0)


def open_suggestions(*, limit: int, after: After = FROM_THE_TOP) -> list[SuggestionRow]:
    """What waits for a decision, the weightiest first; `after` is where the page before ended. One query."""
    weight, last_id = after
    return [_row(row) for row in fetch(_OPEN, [weight, weight, last_id, limit])]


def open_from(weight: float) -> int:
    """How many wait that weigh at least this much. One query."""
    ((count,),) = fetch("select count(*) from identity_suggestion where state = 'open' and weight >= %s", [weight])
    return int(count)


def suggestions(ids: Collection[int]) -> dict[int, SuggestionRow]:
    """Suggestions by id, whatever became of them; unknown ids are left out. One query."""
    found = fetch(f"select {_COLUMNS} from identity_suggestion where id = any(%s) order by id", [list(ids)])
    return {row[0]: _row(row) for row in found}


def suggestions_of(
    person_ids: Collection[int], *, states: Collection[Verdict] = (Verdict.OPEN,)
) -> list[SuggestionRow]:
    """What is said of these persons and others, the weightiest first. One query."""
    return ask(suggestions_read(person_ids, states=states))


def suggestions_read(
    person_ids: Collection[int], *, states: Collection[Verdict] = (Verdict.OPEN,)
) -> Read[list[SuggestionRow]]:
    """The same, to be asked together with others."""
    ids = list(person_ids)
    return Read(_OF, [ids, ids, [str(state) for state in states]], lambda rows: [_row(row) for row in rows])


def _row(values: Sequence[Any]) -> SuggestionRow:
    (one, low, high, weight, reasons, found_by, state, *rest) = values
    return SuggestionRow(one, low, high, weight, reasons, FoundBy(found_by), Verdict(state), *rest)
