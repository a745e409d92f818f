"""Opening a pursuit, or joining the one that is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from leadloop.agreement.contracts import Terms
from leadloop.kernel.errors import Unavailable
from leadloop.leads.contracts import Opened, PromiseKind, Pursuit, Stage
from leadloop.leads.facts import LeadJoined, LeadOpened
from leadloop.leads.rules import DueTimes
from leadloop.leads.services import telling
from leadloop.leads.services.open_plans import Plan, plans
from leadloop.leads.services.open_rows import Joined, insert_leads, join_leads
from leadloop.leads.services.shapes import NewPromise
from leadloop.leads.services.store import write_dues, write_promises
from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.platform.queries import calendars

ROUNDS = 5  # a round is repeated only for those whose open lead closed between two statements
ANSWERABLE = timedelta(days=1)  # who joins with an older inquiry is history taken over: nobody waits for an answer


class _Born(NamedTuple):
    plan: Plan
    lead_id: int
    follows_id: int | None


class _Met(NamedTuple):
    plan: Plan
    lead: Joined


def open_or_join(pursuits: Sequence[Pursuit], *, terms: Terms, actor: Actor, now: datetime) -> dict[int, Opened]:
    """Open a lead for each pursuit, or join the open one of the same person and interest; by `ref`.

    Two processes that open the same pursuit at once end with one lead. A new lead has an owner and its promises
    from the first moment. Joining counts the touch and, when somebody waits for an answer, promises a reply unless
    one is owed. Raises Invalid for closed history without a reason, Unavailable when no keeper works here.
    A constant number of queries.
    """
    if not pursuits:
        return {}
    with transaction.atomic():
        born, met = _write(plans(pursuits, terms, now), terms)
        replies = _replies(met, terms, now)
        owed = [NewPromise(one.lead_id, due.kind, due.owner_id, due.due_at) for one in born for due in one.plan.owed]
        made = write_promises([*owed, *replies], now)
        sooner = _sooner(met, [one for _, one in made])
        write_dues([(lead_id, due_at, PromiseKind.REPLY) for lead_id, due_at in sooner.items()])
        persons = {one.lead.lead_id: one.lead.person_id for one in met}
        answers = [(promise_id, one) for promise_id, one in made if one.lead_id in persons]
        facts = [*_opened_facts(born, terms), *_joined_facts(born, met, terms)]
        record([*facts, *telling.made(answers, persons, now, terms.version)], actor=actor)
    return dict(_answers(born, met, sooner))


def _write(waiting: list[Plan], terms: Terms) -> tuple[list[_Born], list[_Met]]:
    born: list[_Born] = []
    met: list[_Met] = []
    for _ in range(ROUNDS):
        new = insert_leads([plan.lead for plan in waiting], terms.clauses.reopen_days)
        born += [_Born(plan, *new[plan.lead.place]) for plan in waiting if plan.lead.place in new]
        rest = [plan for plan in waiting if plan.lead.place not in new]
        if not rest:
            return born, met
        found = join_leads([(*plan.key, len(plan.pursuits), *_last(plan)) for plan in rest])
        met += [_Met(plan, found[plan.key]) for plan in rest if plan.key in found]
        waiting = [plan for plan in rest if plan.key not in found]
        if not waiting:
            return born, met
    raise Unavailable("the same leads are opened and closed over and over", mend="Try again")


def _last(plan: Plan) -> tuple[datetime, str]:
    return plan.lead.last_touch_at, next((one.why for one in reversed(plan.pursuits) if one.why), "")


def _replies(met: Sequence[_Met], terms: Terms, now: datetime) -> list[NewPromise]:
    waiting = [
        one.lead
        for one in met
        if any(pursuit.reply_owed and now - pursuit.happened_at <= ANSWERABLE for pursuit in one.plan.pursuits)
    ]
    if not waiting:
        return []
    owners = sorted({lead.owner_id for lead in waiting})
    due_times = DueTimes(terms, calendars(owners), now)
    kind = PromiseKind.REPLY
    return [NewPromise(lead.lead_id, kind, lead.owner_id, due_times(kind, lead.owner_id)) for lead in waiting]


def _sooner(met: Sequence[_Met], made: Sequence[NewPromise]) -> dict[int, datetime]:
    due = {one.lead.lead_id: one.lead.due_at for one in met}
    return {one.lead_id: one.due_at for one in made if one.lead_id in due and one.due_at < due[one.lead_id]}


def _opened_facts(born: Sequence[_Born], terms: Terms) -> Iterator[Fact]:
    for one in born:
        lead = one.plan.lead
        yield LeadOpened(
            happened_at=lead.opened_at,
            person_id=lead.person_id,
            company_id=lead.company_id,
            lead_id=one.lead_id,
            programme_id=lead.programme_id,
            reason=lead.close_reason or lead.exception_code,
            agreement_version=terms.version,
            interest_id=lead.interest_id,
            owner_id=lead.owner_id,
            stage=lead.stage,
            handover=lead.handover,
            promise=lead.due_kind,
            due_at=lead.due_at.isoformat() if lead.due_at else "",
            source_id=lead.source_id,
            follows_id=one.follows_id,
            closed_at=lead.closed_at.isoformat() if lead.closed_at else "",
            owed={str(due.kind): due.due_at.isoformat() for due in one.plan.owed},
        )


def _joined_facts(born: Sequence[_Born], met: Sequence[_Met], terms: Terms) -> Iterator[Fact]:
    further = [(one.lead_id, pursuit) for one in born for pursuit in one.plan.pursuits[1:]]
    further += [(one.lead.lead_id, pursuit) for one in met for pursuit in one.plan.pursuits]
    for lead_id, pursuit in further:
        yield LeadJoined(
            happened_at=pursuit.happened_at,
            person_id=pursuit.person_id,
            company_id=pursuit.company_id,
            lead_id=lead_id,
            programme_id=pursuit.programme_id,
            agreement_version=terms.version,
            source_id=pursuit.source_id,
        )


def _answers(born: Sequence[_Born], met: Sequence[_Met], sooner: dict[int, datetime]) -> Iterator[tuple[int, Opened]]:
    for one in born:
        lead = one.plan.lead
        for place, pursuit in enumerate(one.plan.pursuits):
            outcome = "joined" if place else "new"
            yield pursuit.ref, Opened(pursuit.ref, one.lead_id, outcome, lead.owner_id, Stage(lead.stage), lead.due_at)
    for found in met:
        joined = found.lead
        due_at = sooner.get(joined.lead_id, joined.due_at)
        for pursuit in found.plan.pursuits:
            yield pursuit.ref, Opened(pursuit.ref, joined.lead_id, "joined", joined.owner_id, joined.stage, due_at)
