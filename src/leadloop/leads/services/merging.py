"""When two persons turn out to be one: their pursuits come together, and can be parted again."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.leads.contracts import CLOSED_STAGES, LeadRow, PromiseRow, PromiseState, Stage
from leadloop.leads.facts import LeadMovedPerson
from leadloop.leads.rules.stages import RANK
from leadloop.leads.services import telling
from leadloop.leads.services.shapes import Settlement, closed_head
from leadloop.leads.services.store import lock, one_open_lead, running, write_heads, write_settled
from leadloop.leads.services.undoing import restore, snapshot, stamped
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch

SAME_PERSON = "same_person"


def move_person(loser_id: int, survivor_id: int, *, actor: Actor, now: datetime) -> list[dict[str, Any]]:
    """Bring the leads of `loser_id` over to `survivor_id` and return a JSON-ready journal for `return_person`.

    Where both have an open lead for one interest, the one that got further goes on, between equals the older; the
    other closes as merged and its touches are counted there. A constant number of queries.
    """
    with transaction.atomic():
        found = fetch("select id from leads_lead where person_id = any(%s::bigint[])", [[loser_id, survivor_id]])
        leads = lock([lead_id for (lead_id,) in found])
        pairs = list(_pairs(leads, loser_id, survivor_id))
        closing = {given.id: given for _, given in pairs}
        before = snapshot(closing)
        facts = _close(closing, now)
        _add_touches([(stays.id, given.touches, given.last_touch_at) for stays, given in pairs])
        moving = sorted(lead.id for lead in leads.values() if lead.person_id == loser_id)
        facts += _move(moving, leads, survivor_id, now)
        record(facts, actor=actor)
        return [
            *({"lead_id": lead_id, "person_id": loser_id, "into": survivor_id} for lead_id in moving),
            *(_touched(stays, given) for stays, given in pairs),
            *({"lead_id": one["lead_id"], "closed": one} for one in stamped(before)),
        ]


def return_person(journal: Sequence[Mapping[str, Any]], *, actor: Actor, now: datetime) -> list[int]:
    """Part the leads again as the journal of `move_person` says; returns those that have changed too much since.

    A constant number of queries.
    """
    back = [(row["lead_id"], row["person_id"], row["into"]) for row in journal if "into" in row]
    with one_open_lead(), transaction.atomic():
        leads = lock([row["lead_id"] for row in journal])
        gone = [(lead_id, loser) for lead_id, loser, into in back if leads[lead_id].person_id == into]
        _write_persons(gone)
        touched = [row for row in journal if "touches" in row]
        _add_touches([(row["lead_id"], -row["touches"], None) for row in touched])
        _put_back_last([(row["lead_id"], row["last"], row["last_after"]) for row in touched if row["last_after"]])
        record([_moved_person(leads[lead_id], loser, now) for lead_id, loser in gone], actor=actor)
        closed = [row["closed"] for row in journal if "closed" in row]
        return restore(closed, verb="merge", actor=actor, now=now)


def give_person(lead_ids: Sequence[int], person_id: int, *, actor: Actor, now: datetime) -> list[int]:
    """Give leads to the person whose they are; returns those that went over.

    One that is open stays where it is while the person has another open one for its interest. Three queries.
    """
    if not lead_ids:
        return []
    with transaction.atomic():
        leads = lock(lead_ids)
        theirs = fetch(
            "select id, interest_id from leads_lead where person_id = %s and closed_at is null for update", [person_id]
        )
        taken = {interest_id for _, interest_id in theirs}
        going: list[int] = []
        for lead in leads.values():
            if lead.person_id == person_id or (lead.stage not in CLOSED_STAGES and lead.interest_id in taken):
                continue
            going.append(lead.id)
            taken |= {lead.interest_id} if lead.stage not in CLOSED_STAGES else set()
        record(_move(going, leads, person_id, now), actor=actor)
    return going


def take_touches(touches: Sequence[tuple[int, int, datetime, datetime | None]]) -> None:
    """Take touches that were another's from leads, as (lead, how many, the last of them, the last of the lead's own).

    One query.
    """
    if not touches:
        return
    fetch(
        """
        update leads_lead l
           set touches = l.touches - n.touches,
               last_touch_at = case when l.last_touch_at = n.last then coalesce(n.own, l.opened_at)
                                    else l.last_touch_at end
          from unnest(%s::bigint[], %s::int[], %s::timestamptz[], %s::timestamptz[]) as n (id, touches, last, own)
         where l.id = n.id returning l.id
        """,
        columns(touches),
    )


def _touched(stays: LeadRow, given: LeadRow) -> dict[str, Any]:
    after = max((at for at in (stays.last_touch_at, given.last_touch_at) if at), default=None)
    moments = {"last": stays.last_touch_at, "last_after": after}
    return {
        "lead_id": stays.id,
        "touches": given.touches,
        **{name: at.isoformat() if at else None for name, at in moments.items()},
    }


def _pairs(leads: Mapping[int, LeadRow], loser_id: int, survivor_id: int) -> Iterator[tuple[LeadRow, LeadRow]]:
    """Open leads of both persons for one interest: which goes on, which closes."""
    opened = {(lead.person_id, lead.interest_id): lead for lead in leads.values() if lead.stage not in CLOSED_STAGES}
    for (person_id, interest_id), lead in sorted(opened.items()):
        other = opened.get((survivor_id, interest_id))
        if person_id == loser_id and other is not None:
            first, second = sorted([lead, other], key=lambda one: (-RANK[one.stage], one.opened_at, one.id))
            yield first, second


def _close(leads: Mapping[int, LeadRow], now: datetime) -> list[Fact]:
    if not leads:
        return []
    owed: dict[int, list[PromiseRow]] = running(leads)
    dropped = [Settlement(row, PromiseState.DROPPED, row.owner_id) for rows in owed.values() for row in rows]
    write_settled(dropped, now)
    write_heads([closed_head(leads[lead_id], Stage.MERGED, SAME_PERSON, now) for lead_id in sorted(leads)])
    closed = [telling.closed(lead, Stage.MERGED, SAME_PERSON, now) for lead in leads.values()]
    return [*closed, *telling.settled(dropped, leads, now, SAME_PERSON)]


def _move(lead_ids: Sequence[int], leads: Mapping[int, LeadRow], survivor_id: int, now: datetime) -> list[Fact]:
    _write_persons([(lead_id, survivor_id) for lead_id in lead_ids])
    return [_moved_person(leads[lead_id], survivor_id, now) for lead_id in lead_ids]


def _moved_person(lead: LeadRow, person_id: int, now: datetime) -> LeadMovedPerson:
    return LeadMovedPerson(
        happened_at=now,
        person_id=person_id,
        company_id=lead.company_id,
        lead_id=lead.id,
        before_person_id=lead.person_id,
    )


def _write_persons(persons: Sequence[tuple[int, int]]) -> None:
    if not persons:
        return
    fetch(
        """
        update leads_lead l set person_id = n.person_id
          from unnest(%s::bigint[], %s::bigint[]) as n (id, person_id) where l.id = n.id returning l.id
        """,
        columns(persons),
    )


def _add_touches(touches: Sequence[tuple[int, int, datetime | None]]) -> None:
    if not touches:
        return
    fetch(
        """
        update leads_lead l set touches = l.touches + n.touches, last_touch_at = greatest(l.last_touch_at, n.at)
          from unnest(%s::bigint[], %s::int[], %s::timestamptz[]) as n (id, touches, at)
         where l.id = n.id returning l.id
        """,
        columns(touches),
    )


def _put_back_last(moments: Sequence[tuple[int, str | None, str]]) -> None:
    """Put the last touch back where nothing has touched the lead since."""
    if not moments:
        return
    fetch(
        """
        update leads_lead l set last_touch_at = n.before
          from unnest(%s::bigint[], %s::timestamptz[], %s::timestamptz[]) as n (id, before, after)
         where l.id = n.id and l.last_touch_at = n.after returning l.id
        """,
        columns(moments),
    )
