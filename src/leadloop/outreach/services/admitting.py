"""The last question before a message goes out, asked under a lock and answered in the transaction that lets it go."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import field
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from leadloop.kernel.decision import Decision
from leadloop.kernel.values import dataclass
from leadloop.ledger.services import record
from leadloop.outreach.contracts import Limits, State, Verdict
from leadloop.outreach.facts import MessageRefused
from leadloop.outreach.queries import limits, why_held
from leadloop.outreach.rules.contact import may_contact
from leadloop.outreach.services.again import again
from leadloop.outreach.services.parts import LEASE, OUTREACH, Admitted, Leased
from leadloop.outreach.standing import Known, load
from leadloop.people import services as people
from leadloop.platform import queries as platform

_SPACE, _BUCKETS = 0x4C4D, 1024  # tells these advisory locks from others; few enough for the lock table
_COUNTING = """
select pg_advisory_xact_lock(%s, bucket)
  from (select bucket from unnest(%s::int[]) with ordinality as b (bucket, place) order by place offset 0) as in_order
"""
_WRITE = """
update outreach_message m
   set state = r.state, detail = r.detail, not_before = coalesce(r.later_at, m.not_before), to_address = r.address,
       admitted_at = case when r.state = 'sending' then clock_timestamp() end,
       begun_at = case when r.state = 'sending' and %(alone)s then %(now)s end,
       first_tried_at = coalesce(m.first_tried_at, case when r.state = 'sending' then %(now)s end),
       lease_until = case when r.state = 'sending' then %(until)s end
  from unnest(%(ids)s::bigint[], %(fences)s::int[], %(states)s::text[], %(details)s::text[],
              %(laters)s::timestamptz[], %(addresses)s::text[]) as r (id, fence, state, detail, later_at, address)
 where m.id = r.id and m.fence = r.fence and m.state = 'sending'
returning m.id, m.lead_id
"""


@dataclass(frozen=True, slots=True)
class Admission:
    """The answers for a stride. With `held` nothing was decided: sending has been put on hold."""

    go: list[Admitted] = field(default_factory=list)
    refused: int = 0
    postponed: int = 0
    held: str = ""


def admit(stride: Sequence[Leased], *, now: datetime) -> Admission:
    """Decide which of these leased messages go out now, and commit that they do.

    Guarantee: what is decided and what it rests on commit together, under a lock that keeps consent and suppression
    of these persons from changing. So no message is admitted after the commit of a word that forbids it. One that is
    asked about alone has begun when this returns, others begin one by one. A message whose fence or state has changed
    meanwhile is left out. The number of queries does not depend on the size of the stride.
    """
    return again(lambda: _admit(stride, now))


@dataclass(frozen=True, slots=True)
class _Decided:
    """One answer with what it was given for."""

    message: Leased
    decision: Decision[Verdict]
    address: str
    norm: str
    language: str

    @property
    def state(self) -> State:
        """The state the answer leads to."""
        if self.decision.outcome.may:
            return State.SENDING
        return State.REFUSED if self.decision.outcome.later_at is None else State.QUEUED

    @property
    def why(self) -> str:
        """The code of the first reason, "" for a plain yes."""
        return self.decision.reasons[0].code if self.decision.reasons else ""


def _admit(stride: Sequence[Leased], now: datetime) -> Admission:
    with transaction.atomic():
        company = platform.company_now()
        if held := why_held(company):
            return Admission(held=held)
        known, policy = load(stride, company, _lock(stride), now), limits()
        decided = [_decide(message, known, policy, now) for message in stride]
        lead_ids = _write(decided, now)
        standing = [one for one in decided if one.message.id in lead_ids]
        refused = [one for one in standing if one.state is State.REFUSED]
        record([_refusal(one, lead_ids, now) for one in refused], actor=OUTREACH)
    go = [
        Admitted(one.message, one.address, one.norm, one.language, has_begun=len(decided) == 1)
        for one in standing
        if one.state is State.SENDING
    ]
    return Admission(go, len(refused), len(standing) - len(refused) - len(go))


def _lock(stride: Sequence[Leased]) -> dict[int, int]:
    """Lock the persons, then their counts; return who was merged into whom."""
    ids = sorted({message.person_id for message in stride if message.person_id is not None})
    survivors = {i: one.survivor_id for i, one in people.lock_for_send(ids).items()}
    counted = {survivors.get(m.person_id, m.person_id) for m in stride if m.person_id and m.is_counted}
    if counted:
        with connection.cursor() as cursor:
            cursor.execute(_COUNTING, [_SPACE, sorted({person % _BUCKETS for person in counted})])
    return survivors


def _decide(message: Leased, known: Known, policy: Limits, now: datetime) -> _Decided:
    standing = known.standing(message)
    decision = may_contact(standing, message.purpose, policy, now, auto_answer=message.auto_answer)
    if decision.outcome.may:
        known.count(message, now)
    language = message.language or known.language(message)
    return _Decided(message, decision, standing.address or "", known.norm(message), language)


def _write(decided: Sequence[_Decided], now: datetime) -> dict[int, int | None]:
    """Write the answers where the fence still stands; return the lead of each message written."""
    values: dict[str, Any] = {
        "now": now,
        "until": now + LEASE,
        "alone": len(decided) == 1,
        "ids": [one.message.id for one in decided],
        "fences": [one.message.fence for one in decided],
        "states": [str(one.state) for one in decided],
        "details": [one.why for one in decided],
        "laters": [one.decision.outcome.later_at for one in decided],
        "addresses": [one.address for one in decided],
    }
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, values)
        return dict(cursor.fetchall())


def _refusal(one: _Decided, lead_ids: dict[int, int | None], now: datetime) -> MessageRefused:
    return MessageRefused(
        happened_at=now,
        person_id=one.message.person_id,
        lead_id=lead_ids[one.message.id],
        reason=one.why,
        message_id=one.message.id,
        channel=one.message.channel,
        purpose=one.message.purpose,
    )
