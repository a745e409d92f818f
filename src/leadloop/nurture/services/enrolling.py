"""Putting leads on journeys, and taking off those that leave nurturing otherwise."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from datetime import datetime, timedelta

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import NotFound
from leadloop.leads import services as leads
from leadloop.leads.contracts import Ask, LeadRow, Move, PromiseKind, Stage
from leadloop.leads.queries import rows as lead_rows
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.nurture.contracts import End, Graph
from leadloop.nurture.facts import JourneyEntered, JourneyLeft
from leadloop.nurture.models import Journey
from leadloop.nurture.rules import first_due, read_graph
from leadloop.nurture.sql import columns, fetch

# A step is promised an hour later than it is due: what runs by the clock is late only when the clock stands still.
GRACE = timedelta(hours=1)
READY = (Stage.INQUIRY, Stage.NURTURING)

_INSERT = """
insert into nurture_enrolment (journey_id, lead_id, person_id, node, due_at, entered_at)
select %(journey)s, n.lead_id, n.person_id, %(node)s, %(due)s, %(now)s
  from unnest(%(leads)s::bigint[], %(persons)s::bigint[]) as n (lead_id, person_id)
 where %(again)s or not exists (
       select from nurture_enrolment e join nurture_journey j on j.id = e.journey_id
        where e.lead_id = n.lead_id and j.key = %(key)s)
 order by n.lead_id
    on conflict (lead_id) where state = 'waiting' do nothing
returning lead_id, id
"""
_LEAVE = """
with locked as materialized (
    select e.id from nurture_enrolment e where e.lead_id = any(%s) and e.state = 'waiting'
     order by e.id for no key update skip locked
)
update nurture_enrolment e set state = 'left', due_at = null, left_at = %s, reason = %s
  from locked, nurture_journey j where e.id = locked.id and j.id = e.journey_id
returning e.id, e.lead_id, e.person_id, e.node, j.key || '@' || j.version
"""


def enrol(
    pairs: Iterable[tuple[int, int]],
    *,
    journey_key: str,
    terms: Terms,
    actor: Actor,
    now: datetime,
    again: bool = False,
) -> dict[int, int]:
    """Put leads, given as (lead, person), on the version of a journey that is in force; returns enrolments by lead.

    An inquiry goes into nurturing with that. Passed over are leads that are past nurturing or closed, that are on a
    journey, and that have been on this one before, unless `again`. Each owes its first step from now on. Raises
    NotFound when no version is in force. A constant number of queries.
    """
    wanted = [lead_id for lead_id, _ in pairs]
    if not wanted:
        return {}
    with transaction.atomic():
        journey = Journey.objects.filter(key=journey_key, published_at__isnull=False, retired_at__isnull=True).first()
        if journey is None:
            raise NotFound(f"No journey “{journey_key}” is in force", field="journey", mend="Publish one")
        standing = leads.lock(wanted, stages=READY)
        graph = read_graph(journey.graph)
        entered = _insert(journey, graph, standing, now, again=again)
        owing = {lead_id: standing[lead_id] for lead_id in sorted(entered)}
        _promise(owing, first_due(graph, now) + GRACE, terms, actor, now)
        named = f"{journey.key}@{journey.version}"
        facts = [
            JourneyEntered(
                happened_at=now,
                person_id=row.person_id,
                company_id=row.company_id,
                lead_id=row.id,
                programme_id=row.programme_id,
                agreement_version=terms.version,
                enrolment_id=entered[row.id],
                journey=named,
                node=graph.start,
            )
            for row in owing.values()
        ]
        record(facts, actor=actor)
    return entered


def leave(
    lead_ids: Collection[int],
    *,
    reason: End | str,
    actor: Actor,
    now: datetime,
    although_nurturing: bool = False,
) -> list[int]:
    """Take leads off their journeys and return those that were on one.

    A lead that stands in nurturing, perhaps again, stays on its journey unless `although_nurturing`; then it is
    looked at by its keeper instead. Never waits: a lead whose step is being done at this moment leaves by itself,
    for `advance` looks at its stage. A constant number of queries.
    """
    with transaction.atomic():
        standing = {row.id for row in lead_rows(lead_ids).values() if row.stage is Stage.NURTURING}
        going = set(lead_ids) if although_nurturing else set(lead_ids) - standing
        gone = sorted(fetch(_LEAVE, [sorted(going), now, str(End(reason))])) if going else []
        facts = [
            JourneyLeft(
                happened_at=now,
                person_id=person_id,
                lead_id=lead_id,
                reason=str(End(reason)),
                enrolment_id=enrolment_id,
                journey=journey,
                node=node,
            )
            for enrolment_id, lead_id, person_id, node, journey in gone
        ]
        record(facts, actor=actor)
        left = [row[1] for row in gone]
        bare = [(lead_id, str(PromiseKind.NURTURE)) for lead_id in left if lead_id in standing]
        leads.drop(bare, actor=actor, now=now, reason=str(End(reason)))
    return left


def _insert(
    journey: Journey, graph: Graph, standing: Mapping[int, LeadRow], now: datetime, *, again: bool
) -> dict[int, int]:
    lists = columns((row.id, row.person_id) for row in standing.values()) or [[], []]
    return dict(
        fetch(
            _INSERT,
            {
                "journey": journey.id,
                "node": graph.start,
                "due": first_due(graph, now),
                "now": now,
                "leads": lists[0],
                "persons": lists[1],
                "again": again,
                "key": journey.key,
            },
        )
    )


def _promise(owing: Mapping[int, LeadRow], due_at: datetime, terms: Terms, actor: Actor, now: datetime) -> None:
    """An inquiry promises its first step with its move, a lead that is nurtured already on top of what it owes."""
    moves = [
        Move(lead_id=row.id, to=Stage.NURTURING, due_at=due_at)
        for row in owing.values()
        if row.stage is not Stage.NURTURING
    ]
    asks = [Ask(row.id, PromiseKind.NURTURE, None, due_at) for row in owing.values() if row.stage is Stage.NURTURING]
    leads.move(moves, terms=terms, actor=actor, now=now)
    leads.promise(asks, actor=actor, now=now)
