"""Writing down what became of messages."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction

from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.outreach.contracts import Channel, State
from leadloop.outreach.facts import MessageFailed, MessageSent
from leadloop.outreach.services.again import again
from leadloop.outreach.services.parts import OUTREACH, Result
from leadloop.people import services as people
from leadloop.people.contracts import Suppress

PAUSE = timedelta(hours=1)
IT_IS_US = 3  # so many domains that refuse us within a pause mean that the fault is ours
# A late "sent" of the last one who had the message is believed even when it has been given up for lost: it is true,
# and keeps a repetition that has not begun from going out.
_WRITE = """
update outreach_message m
   set state = r.state, detail = r.detail, not_before = coalesce(r.not_before, m.not_before),
       sent_at = case when r.state = 'sent' then r.at end,
       begun_at = case when r.state <> 'queued' then m.begun_at end,
       admitted_at = case when r.state <> 'queued' then m.admitted_at end,
       attempts = m.attempts + r.attempts, repeated = m.repeated or r.repeat, lease_until = null
  from unnest(%s::bigint[], %s::int[], %s::text[], %s::timestamptz[], %s::text[], %s::timestamptz[], %s::int[],
              %s::bool[]) as r (id, fence, state, at, detail, not_before, attempts, repeat)
 where m.id = r.id and m.fence = r.fence
   and (m.state = 'sending' or r.state = 'sent' and m.state in ('unknown', 'queued'))
returning m.id, m.state, r.at, m.detail, m.person_id, m.lead_id, m.channel, m.purpose
"""
_PAUSE = """
insert into outreach_pause (domain, since, until) select domain, %s, %s from unnest(%s::text[]) as domain
    on conflict (domain) do update set since = excluded.since, until = excluded.until
"""
_REFUSING = "select count(*) from outreach_pause where domain <> '' and since > %s"


def settle(results: Sequence[Result]) -> None:
    """Write results, their facts, suppressed addresses and paused domains, in one transaction.

    A result whose fence has been overtaken is dropped: somebody else has the message now. The number of queries does
    not depend on how many results there are.
    """
    if results:
        again(lambda: _settle(results))


@transaction.atomic
def _settle(results: Sequence[Result]) -> None:
    now = max(result.at for result in results)
    bounced = sorted({result.bounced for result in results if result.bounced})
    # Addresses before messages, the order in which an erasure takes them too.
    people.suppress(
        [Suppress(channel=Channel.EMAIL, norm=norm, reason="bounced") for norm in bounced], actor=OUTREACH, now=now
    )
    with connection.cursor() as cursor:
        cursor.execute(_WRITE, _columns(results))
        written = list(cursor.fetchall())
    record([fact for row in written if (fact := _fact(*row))], actor=OUTREACH)
    _pause(sorted({result.refusing for result in results if result.refusing}), now)


def _columns(results: Sequence[Result]) -> list[list[Any]]:
    return [
        [r.id for r in results],
        [r.fence for r in results],
        [str(r.state) for r in results],
        [r.at for r in results],
        [r.detail for r in results],
        [r.not_before for r in results],
        [r.attempts for r in results],
        [r.repeat for r in results],
    ]


def _fact(
    message_id: int,
    state: str,
    at: datetime,
    detail: str,
    person_id: int | None,
    lead_id: int | None,
    channel: str,
    purpose: str,
) -> Fact | None:
    about: dict[str, Any] = {
        "happened_at": at,
        "person_id": person_id,
        "lead_id": lead_id,
        "message_id": message_id,
        "channel": channel,
        "purpose": purpose,
    }
    if state == State.SENT:
        return MessageSent(**about)
    if state in {State.FAILED, State.UNKNOWN}:
        return MessageFailed(**about, reason=detail.partition(":")[0] if state == State.FAILED else "unknown")
    return None


def _pause(domains: Sequence[str], now: datetime) -> None:
    """Let marketing to these domains wait; let all of it wait when several refuse us at once."""
    if not domains:
        return
    with connection.cursor() as cursor:
        cursor.execute(_PAUSE, [now, now + PAUSE, list(domains)])
        cursor.execute(_REFUSING, [now - PAUSE])
        if cursor.fetchone()[0] >= IT_IS_US:
            cursor.execute(_PAUSE, [now, now + PAUSE, [""]])
