"""Leads that are opened, judged and moved in one transaction are written once, as they stand at its end.

Writing each step would mean four versions of the same row, in every index. Inside `written_once` a new lead and its
promises are kept here instead; `store`, `open_rows` and `scoring` ask for them first. Facts are recorded as ever.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from operator import attrgetter, itemgetter
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from leadloop.leads.contracts import LeadRow, PromiseRow, PromiseState
from leadloop.leads.queries.rows import lead_row
from leadloop.leads.services.shapes import LEAD_TYPES, NewPromise, Settlement
from leadloop.ledger.copying import copy
from leadloop.ledger.sql import fetch

_PROMISE = (
    "id", "lead_id", "kind", "owner_id", "made_at", "due_at", "state", "note", "evidence", "broken_at", "settled_at",
)  # fmt: skip
# Nobody has judged it yet.
_UNJUDGED = {
    "fit": 0,
    "grade": "",
    "engagement": None,
    "readiness": 0,
    "propensity": None,
    "expected_value": 0,
    "buying_stage": "unaware",
    "recycled": 0,
}
_lead_values = itemgetter(*LEAD_TYPES)
_promise_values = attrgetter(*_PROMISE)


_PROMISE_IDS = "select nextval('leads_promise_id_seq') from generate_series(1, %s::int)"


class Overtaken(OperationalError):
    """Another process opened one of these pursuits meanwhile. Trying again finds it and joins it."""


class Newborn:
    """The leads and promises that are not written yet, in the order in which they came."""

    def __init__(self) -> None:
        self.leads: dict[int, dict[str, Any]] = {}
        self._rows: dict[int, LeadRow] = {}  # of those that stand as they were read last
        self.promises: dict[int, PromiseRow] = {}

    def bear(self, lead_id: int, follows_id: int | None, values: Mapping[str, Any]) -> None:
        """Take up a new lead."""
        self.leads[lead_id] = {**_UNJUDGED, **values, "id": lead_id, "follows_id": follows_id}

    def rows(self, lead_ids: Collection[int]) -> dict[int, LeadRow]:
        """Those of these leads that are here, by ascending id."""
        return {one: self._row(one) for one in sorted(self.leads.keys() & set(lead_ids))}

    def _row(self, lead_id: int) -> LeadRow:
        found = self._rows.get(lead_id)
        if found is None:
            found = self._rows[lead_id] = lead_row(_lead_values(self.leads[lead_id]))
        return found

    def change(self, lead_id: int, values: Iterable[tuple[str, Any]]) -> None:
        """Put values onto a lead that is here."""
        self.leads[lead_id].update(values)
        self._rows.pop(lead_id, None)

    def copy(self) -> Newborn:
        """How all stands now."""
        held = Newborn()
        held.leads = {lead_id: dict(values) for lead_id, values in self.leads.items()}
        held.promises = dict(self.promises)
        return held

    def back(self, before: Newborn) -> None:
        """Everything as it stood then."""
        self.leads, self.promises, self._rows = before.leads, before.promises, {}

    def running(self, lead_ids: Collection[int]) -> list[PromiseRow]:
        """What is owed on those of these leads that are here."""
        wanted = self.leads.keys() & set(lead_ids)
        return [row for row in self.promises.values() if row.lead_id in wanted and row.state is PromiseState.RUNNING]

    def owe(self, new: Sequence[NewPromise], now: datetime) -> list[tuple[int, NewPromise]]:
        """Take up promises on leads that are here, but those that run already; each with its id. One query."""
        runs = {(row.lead_id, row.kind) for row in self.running({one.lead_id for one in new})}
        made = [one for one in new if (one.lead_id, one.kind) not in runs]
        drawn = fetch(_PROMISE_IDS, [len(made)]) if made else []
        pairs = [(promise_id, one) for (promise_id,), one in zip(drawn, made, strict=True)]
        for promise_id, one in pairs:
            self.promises[promise_id] = PromiseRow(
                promise_id, one.lead_id, one.kind, one.owner_id, now, one.due_at, PromiseState.RUNNING, one.note,
                evidence="", broken_at=None, settled_at=None,
            )  # fmt: skip
        return pairs

    def settle(self, settled: Sequence[Settlement], now: datetime) -> Sequence[Settlement]:
        """Settle those promises that are here, or hand them on; returns the others."""
        for state, owner_id, evidence, row in (
            (one.state, one.owner_id, one.evidence, one.promise) for one in settled if one.promise.id in self.promises
        ):
            over = state is not PromiseState.RUNNING
            broken_at = row.broken_at or (row.due_at if over and row.due_at < now else None)
            self.promises[row.id] = PromiseRow(
                row.id, row.lead_id, row.kind, owner_id, row.made_at, row.due_at, state, row.note,
                evidence, broken_at, settled_at=now if over else None,
            )  # fmt: skip
        return [one for one in settled if one.promise.id not in self.promises]

    def write(self) -> None:
        """Write everything, in two statements. Raises Overtaken."""
        try:
            if self.leads:
                copy("leads_lead", tuple(LEAD_TYPES), map(_lead_values, self.leads.values()))
        except IntegrityError as error:
            if "lead_one_open" not in str(error):
                raise
            raise Overtaken("one of these leads was opened by another process meanwhile") from error
        if self.promises:
            copy("leads_promise", _PROMISE, map(_promise_values, self.promises.values()))
        self.leads, self.promises, self._rows = {}, {}, {}


_NONE = Newborn()  # outside of `written_once` nothing is ever taken up
_HELD: ContextVar[Newborn] = ContextVar("newborn", default=_NONE)


def newborn() -> Newborn:
    """What is kept in memory now: nothing outside of `written_once`."""
    return _HELD.get()


def keeps() -> bool:
    """Whether leads that are opened now are to be kept in memory."""
    return _HELD.get() is not _NONE


@contextmanager
def written_once() -> Iterator[None]:
    """Keep leads that are opened inside, and their promises, in memory, and write them when the block ends well.

    For one transaction, which has to begin outside. Opening, scoring and moving know of these leads; nothing else
    finds them before the end, a second opening neither: all pursuits go in at once. Raises Overtaken at the end, which
    passes when the transaction is tried again.
    """
    held = Newborn()
    token = _HELD.set(held)
    try:
        yield
        held.write()
    finally:
        _HELD.reset(token)


def write_now() -> None:
    """Write what is kept in memory before its time, for who reads leads by a view. Raises Overtaken."""
    _HELD.get().write()


@contextmanager
def all_or_nothing() -> Iterator[None]:
    """A savepoint inside `written_once`: when the block fails, what is kept in memory stands as it did before, too."""
    held = _HELD.get()
    before = held.copy()
    try:
        with transaction.atomic():
            yield
    except BaseException:
        held.back(before)
        raise
