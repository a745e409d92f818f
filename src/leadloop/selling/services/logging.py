"""Logging what was done: one act writes the activity, keeps what was owed and promises what comes next."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence, Set
from datetime import datetime

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.kernel.values import dataclass
from leadloop.leads import services as leads
from leadloop.leads.contracts import CLOSED_STAGES, Ask, LeadRow, Move, PromiseKind, Proof, Stage
from leadloop.ledger.contracts import Actor, user_of
from leadloop.ledger.services import record
from leadloop.people.contracts import AddressKind, Channel, Suppress
from leadloop.people.queries import contact_points
from leadloop.people.services import suppress
from leadloop.platform.queries import names
from leadloop.selling.contracts import ActivityIn, ActivityKind, Logged
from leadloop.selling.facts import ActivityLogged
from leadloop.selling.outcomes import Outcome
from leadloop.selling.rules import check_activity
from leadloop.selling.services.activity_rows import NewActivity, insert, open_deals, set_steps

ASKED_NOT_TO = "unsubscribed"


@dataclass(frozen=True, slots=True)
class _Done:
    """An activity that may be logged, with the lead as it stood before."""

    given: ActivityIn
    outcome: Outcome
    lead: LeadRow
    user_id: int
    opportunity_id: int | None

    @property
    def moves(self) -> bool:
        """Whether it brings an accepted lead into contact."""
        return self.outcome.contacted and self.lead.stage is Stage.ACCEPTED and not self.given.leaves


def log(activities: Sequence[ActivityIn], *, terms: Terms, actor: Actor, now: datetime) -> list[Logged]:
    """Log activities and return them in their order.

    One that reached somebody keeps the promises its outcome is evidence for and brings an accepted lead into
    contact. Every one but a note keeps the next step that was promised before, and promises the one it names, on the
    lead and on its open deal. Raises NotFound for an unknown lead, Invalid or Refused naming the field, see
    `rules.check_activity`; then nothing is logged. A constant number of queries.
    """
    if not activities:
        return []
    with transaction.atomic():
        done = _done(activities, actor, now)
        ids = insert([_row(one, now) for one in done])
        moved = {one.lead.id for one in done if one.moves}
        _move(done, moved, terms, actor, now)
        _settle(done, ids, terms, actor, now)
        _bar_numbers(done, actor, now)
        record([_fact(one, i, terms, now) for one, i in zip(done, ids, strict=True)], actor=actor)
    return [
        Logged(i, one.lead.id, one.opportunity_id, one.outcome.contacted, one.lead.id in moved)
        for one, i in zip(done, ids, strict=True)
    ]


def _done(activities: Sequence[ActivityIn], actor: Actor, now: datetime) -> list[_Done]:
    _must_work_here({one.user_id for one in activities if one.user_id is not None})
    rows = leads.lock({one.lead_id for one in activities})
    deals = open_deals(rows)
    done = []
    for one in activities:
        lead = rows.get(one.lead_id)
        if lead is None:
            raise NotFound(f"There is no lead {one.lead_id}", field="lead_id")
        user_id = one.user_id or user_of(actor)
        if user_id is None:
            raise Invalid("Who did it is missing", field="user_id", mend="Name the user who did it")
        outcome = check_activity(one, lead.stage, now)
        done.append(_Done(one, outcome, lead, user_id, deals.get(lead.id)))
    return done


def _must_work_here(user_ids: Set[int]) -> None:
    if user_ids and user_ids - names(user_ids).keys():
        raise Invalid("There is no such user", field="user_id", mend="Name a colleague")


def _row(one: _Done, now: datetime) -> NewActivity:
    given = one.given
    return NewActivity(
        one.lead.id,
        one.opportunity_id,
        one.lead.person_id,
        one.user_id,
        str(given.kind),
        given.outcome,
        one.outcome.contacted,
        given.note.strip(),
        given.minutes,
        given.next_step_note.strip(),
        given.next_step_at,
        given.happened_at or now,
    )


def _move(done: Sequence[_Done], moved: Collection[int], terms: Terms, actor: Actor, now: datetime) -> None:
    steps = {one.lead.id: one.given.next_step_at for one in done if one.given.next_step_at}
    moves = [Move(lead_id=lead_id, to=Stage.WORKING, due_at=steps.get(lead_id)) for lead_id in sorted(moved)]
    leads.move(moves, terms=terms, actor=actor, now=now)


def _settle(done: Sequence[_Done], ids: Sequence[int], terms: Terms, actor: Actor, now: datetime) -> None:
    """Keep what this is evidence for, and promise what comes next.

    A lead that has just moved has the next step from its move already; it is asked for once more for its note.
    """
    steps = {one.lead.id: (one.given.next_step_at, one.given.next_step_note.strip()) for one in _with_step(done)}
    leads.keep(list(_proofs(done, ids)), then=list(_asks(steps)), terms=terms, actor=actor, now=now)
    set_steps({i: one.opportunity_id for one, i in zip(done, ids, strict=True) if one.given.next_step_at})


def _with_step(done: Sequence[_Done]) -> Iterator[_Done]:
    return (one for one in done if one.given.next_step_at and one.lead.stage not in CLOSED_STAGES)


def _proofs(done: Sequence[_Done], ids: Sequence[int]) -> Iterator[Proof]:
    for one, activity_id in zip(done, ids, strict=True):
        evidence = f"activity:{activity_id}"
        yield from (Proof(one.lead.id, kind, evidence) for kind in one.outcome.keeps)
        if one.given.kind is not ActivityKind.NOTE and not one.moves:
            yield Proof(one.lead.id, PromiseKind.NEXT_STEP, evidence)


def _asks(steps: Mapping[int, tuple[datetime | None, str]]) -> Iterator[Ask]:
    for lead_id, (at, note) in steps.items():
        if at is not None:
            yield Ask(lead_id, PromiseKind.NEXT_STEP, None, at, note)


def _bar_numbers(done: Sequence[_Done], actor: Actor, now: datetime) -> None:
    persons = {one.lead.person_id for one in done if one.outcome.no_more_calls}
    if not persons:
        return
    points = [point for held in contact_points(persons).values() for point in held]
    numbers = [point.norm for point in points if point.kind == AddressKind.PHONE]
    suppress([Suppress(channel=Channel.CALL, norm=norm, reason=ASKED_NOT_TO) for norm in numbers], actor=actor, now=now)


def _fact(one: _Done, activity_id: int, terms: Terms, now: datetime) -> ActivityLogged:
    return ActivityLogged(
        happened_at=one.given.happened_at or now,
        person_id=one.lead.person_id,
        company_id=one.lead.company_id,
        lead_id=one.lead.id,
        opportunity_id=one.opportunity_id,
        programme_id=one.lead.programme_id,
        agreement_version=terms.version,
        activity_id=activity_id,
        user_id=one.user_id,
        activity=str(one.given.kind),
        outcome=one.given.outcome,
        contacted=one.outcome.contacted,
    )
