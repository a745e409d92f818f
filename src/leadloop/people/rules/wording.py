"""Words of consent of one person, in the order in which they were said."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from leadloop.people.apart import SaidWord

Row = Mapping[str, Any]


def words_of(rows: Sequence[Row], said: Sequence[SaidWord]) -> list[dict[str, Any]]:
    """Return the rows of a person together with the words they said that were not kept, since they repeated another's.

    A word that repeats what ruled for this person already is not kept again, as everywhere (see `repeats`).
    """
    kept = [dict(row) for row in rows]
    for word in sorted(said, key=lambda one: (one.at, one.state)):
        ruling = _ruling(kept, word)
        if any(word.is_kept_as(row) for row in kept) or repeats(ruling, word.state, word.wording):
            continue
        kept.append(word.as_row())
    return kept


def repeats(ruling: tuple[str, str] | None, state: str, wording: str) -> bool:
    """Whether a word says only what rules already, given as state and wording."""
    return ruling is not None and ruling[0] == state and (state == "withdrawn" or ruling[1] == wording)


def _ruling(rows: Sequence[Row], word: SaidWord) -> tuple[str, str] | None:
    """What rules at the moment of the word."""
    same = [row for row in rows if (row["channel"], row["purpose"]) == (word.channel, word.purpose)]
    earlier = [row for row in same if row["at"] <= word.at]
    latest = max(earlier, key=lambda row: row["at"], default=None)
    return (latest["state"], latest["wording"]) if latest else None
