"""What the stories of this room share: people who raise a hand, and looking at what became of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import connection
from orjson import loads

from leadloop.agreement.contracts import Terms
from leadloop.agreement.queries import in_force
from leadloop.leads.contracts import LeadRow, Move, MoveResult, Opened, PromiseRow, Pursuit, Stage
from leadloop.leads.queries import promises, rows
from leadloop.leads.services import move, open_or_join
from leadloop.ledger.contracts import Actor, by_system, by_user
from leadloop.people.contracts import NewPerson
from leadloop.people.services import remember
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import viewer
from tests.support.cast import MONDAY, Cast

SYSTEM = by_system("intake")
MINUTE = timedelta(minutes=1)
DAY = timedelta(days=1)

# How far along a story begins, as the moves that lead there.
WAY = {
    Stage.INQUIRY: (),
    Stage.NURTURING: (Stage.NURTURING,),
    Stage.QUALIFIED: (Stage.QUALIFIED,),
    Stage.ASSIGNED: (Stage.QUALIFIED, Stage.ASSIGNED),
    Stage.ACCEPTED: (Stage.QUALIFIED, Stage.ASSIGNED, Stage.ACCEPTED),
    Stage.WORKING: (Stage.QUALIFIED, Stage.ASSIGNED, Stage.ACCEPTED, Stage.WORKING),
    Stage.OPPORTUNITY: (Stage.QUALIFIED, Stage.ASSIGNED, Stage.ACCEPTED, Stage.WORKING, Stage.OPPORTUNITY),
}


@dataclass
class World:
    """The company on a Monday at ten, with its agreement."""

    cast: Cast
    terms: Terms
    now: datetime = MONDAY

    def __post_init__(self) -> None:
        self.refs = count(1)

    def user(self, name: str) -> int:
        return self.cast.user[name]

    def by(self, name: str) -> Actor:
        return by_user(self.user(name))

    def viewer(self, name: str) -> Viewer:
        return viewer(self.user(name))

    def people(self, number: int) -> list[int]:
        new = [NewPerson(ref=ref, family=f"Person {ref}") for ref in range(number)]
        return list(remember(new, actor=SYSTEM, now=self.now).values())

    def pursuit(self, person_id: int, interest: str = "general", **more: Any) -> Pursuit:
        given = {"ref": next(self.refs), "happened_at": self.now, **more}
        return Pursuit(person_id=person_id, interest_id=self.cast.interest[interest], **given)

    def raise_hand(self, person_id: int, interest: str = "general", **more: Any) -> Opened:
        (opened,) = self.open([self.pursuit(person_id, interest, **more)]).values()
        return opened

    def open(self, pursuits: Sequence[Pursuit]) -> dict[int, Opened]:
        return open_or_join(pursuits, terms=self.terms, actor=SYSTEM, now=self.now)

    def lead_in(self, stage: Stage, owner: str = "kim") -> LeadRow:
        """A lead of a new person that went all the way to `stage`."""
        return self.leads_in(stage, [owner])[0]

    def leads_in(self, stage: Stage, owners: Sequence[str]) -> list[LeadRow]:
        opened = self.open([self.pursuit(one) for one in self.people(len(owners))])
        ids = [one.lead_id for one in opened.values()]
        for to in WAY[stage]:
            handed = to is Stage.ASSIGNED
            self.move_all(
                [
                    Move(lead_id=lead_id, to=to, owner_id=self.user(owner) if handed else None)
                    for lead_id, owner in zip(ids, owners, strict=True)
                ]
            )
        standing = rows(ids)
        return [standing[lead_id] for lead_id in ids]

    def move(self, lead_id: int, to: Stage, **more: Any) -> MoveResult:
        return self.move_all([Move(lead_id=lead_id, to=to, **more)])[0]

    def move_all(self, moves: Sequence[Move], **more: Any) -> list[MoveResult]:
        return move(moves, terms=self.terms, actor=self.by("ines"), now=self.now, **more)

    def later(self, **much: float) -> datetime:
        self.now += timedelta(**much)
        return self.now

    def due(self, kind: str, user: str) -> datetime:
        """When somebody of the office hours owes what is promised now; the clock runs in the office's hours only."""
        clause = self.terms.clauses.promises[kind]
        return self.now + clause.minutes * MINUTE


def world(cast: Cast) -> World:
    return World(cast, in_force())


def row(lead_id: int) -> LeadRow:
    return rows([lead_id])[lead_id]


def owed(lead_id: int) -> dict[str, PromiseRow]:
    """The running promises of a lead by kind."""
    return {one.kind: one for one in promises([lead_id]).get(lead_id, []) if one.state == "running"}


def settled(lead_id: int) -> dict[str, str]:
    """Kind and state of what is no longer owed."""
    return {one.kind: str(one.state) for one in promises([lead_id])[lead_id] if one.state != "running"}


def facts(lead_id: int, *kinds: str) -> list[tuple[str, dict[str, Any]]]:
    """Kind and payload of the facts about a lead, in order; the reason and the version stand in the payload too."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select kind, coalesce(payload, '{}') || jsonb_build_object(
                       'reason', reason, 'version', agreement_version, 'person_id', person_id, 'actor', actor)
              from ledger_event where lead_id = %s and (cardinality(%s::text[]) = 0 or kind = any(%s)) order by id
            """,
            [lead_id, list(kinds), list(kinds)],
        )
        return [(kind, payload if isinstance(payload, dict) else loads(payload)) for kind, payload in cursor]


def unsound() -> list[tuple[Any, ...]]:
    """Leads on which the promises and the headline disagree. Must be empty after every story."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            select l.id, l.stage, l.due_at, l.due_kind, p.owed
              from leads_lead l
              left join lateral (
                   select array_agg(p.kind order by p.due_at, p.kind) as owed, min(p.due_at) as due_at
                     from leads_promise p where p.lead_id = l.id and p.state = 'running') p on true
             where (l.closed_at is null and (l.due_at, l.due_kind) is distinct from (p.due_at, p.owed[1]))
                or (l.closed_at is not null and (p.owed is not null or l.due_at is not null))
            """
        )
        return cursor.fetchall()
