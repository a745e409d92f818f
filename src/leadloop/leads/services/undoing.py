"""Taking back: putting leads where they stood before, as far as nobody has changed them since."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, PromiseRow, PromiseState, Stage
from leadloop.leads.facts import LeadMoved, LeadOwned, PromiseResumed
from leadloop.leads.queries.rows import PROMISE_COLUMNS, promise_row, rows
from leadloop.leads.services import telling
from leadloop.leads.services.moving import open_twins
from leadloop.leads.services.shapes import Head, Settlement
from leadloop.leads.services.store import lock, one_open_lead, running, write_heads, write_settled
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.ledger.sql import fetch

Snapshot = dict[str, Any]
_MOMENTS = ("stage_since", "due_at", "closed_at")
_REST = ("owner_id", "team_id", "due_kind", "recycled", "exception_code", "why", "close_reason")


def snapshot(lead_ids: Collection[int]) -> list[Snapshot]:
    """How these leads stand, JSON-ready, taken before a verb changes them. Locks them. Two queries."""
    with transaction.atomic():
        leads = lock(lead_ids)
        owed = running(leads)
    return [
        {"lead_id": lead.id, "before": _state(lead), "owed": [[row.id, row.owner_id] for row in owed[lead.id]]}
        for lead in leads.values()
    ]


def stamped(snapshots: Sequence[Snapshot]) -> list[Snapshot]:
    """The same snapshots with how the leads stand now, taken when the verb is done. One query."""
    now_standing = rows([one["lead_id"] for one in snapshots])
    return [{**one, "after": _state(now_standing[one["lead_id"]])} for one in snapshots]


def restore(snapshots: Sequence[Snapshot], *, verb: str, actor: Actor, now: datetime) -> list[int]:
    """Put leads back to what stamped snapshots say and return those that were passed over.

    Passed over is a lead whose stage, owner or earliest promise has changed since the verb was done, and one that
    can't be opened again because its person has another open lead. What the verb had promised is dropped, what it
    had settled is owed again. `verb` names what is taken back. A constant number of queries.
    """
    wanted = {one["lead_id"]: one for one in snapshots}
    if not wanted:
        return []
    with one_open_lead(), transaction.atomic():
        leads = lock(wanted)
        going = _unchanged(wanted, leads)
        owed = running(going)
        before = _promises([promise_id for lead_id in going for promise_id, _ in wanted[lead_id]["owed"]])
        dropped = list(_dropped(owed, going))
        resumed = list(_resumed(before, going))
        write_settled(dropped, now)
        _write_resumed(resumed)
        write_heads([_head(going[lead_id]) for lead_id in sorted(going)])
        facts = [*_facts(going, leads, verb, now), *telling.settled(dropped, leads, now, "undone")]
        record([*facts, *(_resumed_fact(one, leads, now) for one in resumed)], actor=actor)
    return sorted(wanted.keys() - going.keys())


def _unchanged(wanted: Mapping[int, Snapshot], leads: Mapping[int, LeadRow]) -> dict[int, Snapshot]:
    same = {
        lead_id: one
        for lead_id, one in wanted.items()
        if lead_id in leads and _mark(_state(leads[lead_id])) == _mark(one["after"])
    }
    reopened = [
        lead_id
        for lead_id, one in same.items()
        if leads[lead_id].stage in CLOSED_STAGES and one["before"]["stage"] not in CLOSED_STAGES
    ]
    twins = open_twins(reopened) if reopened else set()
    return {lead_id: one for lead_id, one in same.items() if lead_id not in twins}


def _mark(state: Mapping[str, Any]) -> tuple[Any, ...]:
    return tuple(state[name] for name in ("stage", "owner_id", "due_at", "due_kind"))


def _state(lead: LeadRow) -> dict[str, Any]:
    moments = {name: _iso(getattr(lead, name)) for name in _MOMENTS}
    return {"stage": str(lead.stage), **moments, **{name: getattr(lead, name) for name in _REST}}


def _head(one: Snapshot) -> Head:
    state = one["before"]
    moments = {name: _moment(state[name]) for name in _MOMENTS}
    values: dict[str, Any] = {**state, **moments, "lead_id": one["lead_id"]}
    return Head(**values)


def _promises(ids: Sequence[int]) -> list[PromiseRow]:
    found = fetch(
        f"select {PROMISE_COLUMNS} from leads_promise p where p.id = any(%s::bigint[]) order by p.id for no key update",
        [ids],
    )
    return [promise_row(values) for values in found]


def _dropped(owed: Mapping[int, Sequence[PromiseRow]], going: Mapping[int, Snapshot]) -> Iterator[Settlement]:
    for lead_id, promises in owed.items():
        before = {promise_id for promise_id, _ in going[lead_id]["owed"]}
        yield from (Settlement(row, PromiseState.DROPPED, row.owner_id) for row in promises if row.id not in before)


def _resumed(before: Sequence[PromiseRow], going: Mapping[int, Snapshot]) -> Iterator[tuple[PromiseRow, int]]:
    """Promises that are no longer owed as they were, each with who owed it."""
    for row in before:
        owner_id = dict(going[row.lead_id]["owed"])[row.id]
        if row.state is not PromiseState.RUNNING or row.owner_id != owner_id:
            yield row, owner_id


def _write_resumed(resumed: Sequence[tuple[PromiseRow, int]]) -> None:
    if not resumed:
        return
    fetch(
        """
        update leads_promise p set state = 'running', settled_at = null, evidence = '', owner_id = r.owner_id
          from unnest(%s::bigint[], %s::bigint[]) as r (id, owner_id) where p.id = r.id returning p.id
        """,
        [[row.id for row, _ in resumed], [owner_id for _, owner_id in resumed]],
    )


def _facts(going: Mapping[int, Snapshot], leads: Mapping[int, LeadRow], verb: str, now: datetime) -> Iterator[Fact]:
    for lead_id in sorted(going):
        lead, back = leads[lead_id], going[lead_id]["before"]
        whose: dict[str, Any] = {
            "happened_at": now,
            "person_id": lead.person_id,
            "company_id": lead.company_id,
            "lead_id": lead_id,
            "programme_id": lead.programme_id,
            "reason": "undone",
            "owner_id": back["owner_id"],
            "owner_before_id": lead.owner_id,
        }
        if back["stage"] != lead.stage:
            yield LeadMoved(**whose, before=lead.stage, after=Stage(back["stage"]), undone=verb)
        elif back["owner_id"] != lead.owner_id:
            yield LeadOwned(**whose)


def _resumed_fact(one: tuple[PromiseRow, int], leads: Mapping[int, LeadRow], now: datetime) -> PromiseResumed:
    row, owner_id = one
    return PromiseResumed(
        happened_at=now,
        person_id=leads[row.lead_id].person_id,
        lead_id=row.lead_id,
        promise_id=row.id,
        promise=row.kind,
        owner_id=owner_id,
        due_at=row.due_at.isoformat(),
    )


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat() if moment else None


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
