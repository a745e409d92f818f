"""Questions that can be asked together: one statement brings the answers of several rooms.

A room that is asked beside others makes its question as a `Read`; its own tables stay its own.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from leadloop.ledger.sql import fetch

T = TypeVar("T")
T_co = TypeVar("T_co", covariant=True)
Rows = list[tuple[Any, ...]]


@dataclass(frozen=True, eq=False, slots=True)
class Read(Generic[T_co]):
    """A question: its statement with parameters as `sql.fetch` takes them, and what its rows, in order, become.

    Columns must have types; JSON comes as it was stored.
    """

    sql: str
    parameters: Sequence[Any]
    answer: Callable[[Rows], T_co]


class Answers:
    """What came back, by the question."""

    def __init__(self, rows: Mapping[Read[Any], Rows]) -> None:
        self._rows = rows

    def __getitem__(self, read: Read[T]) -> T:
        """The answer to one of the questions that were asked."""
        return read.answer(self._rows[read])


def ask(read: Read[T]) -> T:
    """Ask one alone. One query."""
    return read.answer(fetch(read.sql, read.parameters))


def together(*reads: Read[Any]) -> Answers:
    """Ask all of them at one moment. One query, none for no question."""
    if not reads:
        return Answers({})
    parts = ", ".join(f"array(select every from ({read.sql}) every)" for read in reads)
    (found,) = fetch(f"select {parts}", [value for read in reads for value in read.parameters])
    return Answers(dict(zip(reads, found, strict=True)))
