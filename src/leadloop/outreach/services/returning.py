"""What comes back of messages that had gone out: bounces and complaints, and what they mean for an address."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from django.db import transaction

from leadloop.kernel.text import email
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch, run
from leadloop.outreach.contracts import Channel, Return, Returned
from leadloop.outreach.facts import MessageReturned
from leadloop.outreach.queries import OUR_ID
from leadloop.outreach.rules.returns import graver
from leadloop.people import queries as people_queries
from leadloop.people import services as people
from leadloop.people.contracts import Suppress

LATEST = timedelta(days=14)  # a report that doesn't name its message is about one that went this recently
SUPPRESSED_AS = {Return.HARD: "bounced", Return.COMPLAINT: "complained"}
_ROW = "m.id, m.to_address, m.person_id, m.lead_id, m.channel, m.purpose, m.came_back"
_BY_ID = (
    f"select m.message_id, {_ROW} from outreach_message m where m.id = any(%s::bigint[]) and m.person_id is not null"
)
_BY_ADDRESS = f"""
select distinct on (asked.norm) asked.norm, {_ROW}
  from unnest(%s::text[], %s::bigint[]) as asked (norm, person_id)
  join outreach_message m on m.person_id = asked.person_id
 where m.channel = 'email' and lower(m.to_address) = asked.norm and m.begun_at is not null
   and m.queued_at > %s
 order by asked.norm, m.id desc
"""
_MARK = """
update outreach_message m set came_back = given.kind, came_back_at = %s, came_back_status = given.status
  from unnest(%s::bigint[], %s::text[], %s::text[]) as given (id, kind, status)
 where m.id = given.id
"""
_LOCK = "select id, came_back from outreach_message where id = any(%s::bigint[]) order by id for update"


class _Sent(NamedTuple):
    """A message that had gone out, as far as a report needs it."""

    id: int
    to_address: str
    person_id: int
    lead_id: int | None
    channel: str
    purpose: str
    came_back: str


@transaction.atomic
def note_returns(reports: Sequence[Returned], *, actor: Actor, now: datetime) -> int:
    """Mark the messages that came back, and bar the addresses that are gone or complained; returns how many were told.

    A report counts only for a message that we sent: found by its Message-ID, which nobody can guess, else as the last
    one that went to a recipient it names, within LATEST. Of several reports about one message the gravest stands. A
    soft bounce is counted, a block costs no address. At most seven queries.
    """
    told = _gravest(_matched(reports, now))
    if not told:
        return 0
    barred = [(one, norm) for one, report in told if report.kind in SUPPRESSED_AS and (norm := email(one.to_address))]
    kinds = {one.id: report.kind for one, report in told}
    # Addresses before messages, the order in which sending and erasing take them too.
    people.suppress(
        [Suppress(channel=Channel.EMAIL, norm=norm, reason=SUPPRESSED_AS[kinds[one.id]]) for one, norm in barred],
        actor=actor,
        now=now,
    )
    standing = dict(fetch(_LOCK, [sorted(kinds)]))
    new = [(one, report) for one, report in told if graver(standing[one.id], report.kind)]
    if new:
        run(_MARK, [now, *columns((one.id, str(report.kind), report.status) for one, report in new)])
    record([_fact(one, report.kind, now) for one, report in new], actor=actor)
    return len(new)


@transaction.atomic
def accept_again(reports: Sequence[Returned], *, actor: Actor, now: datetime) -> int:
    """Let the addresses of these reports be used again: they were mistaken, or it works again. At most four queries.

    The message keeps what was reported of it; an address that is barred for another reason stays barred.
    """
    told = _matched(reports, now)
    norms = sorted(
        {(norm, kind) for one, report in told if (norm := email(one.to_address)) for kind in _reasons(report)}
    )
    lifted = [Suppress(channel=Channel.EMAIL, norm=norm, reason=reason) for norm, reason in norms]
    return people.lift(lifted, actor=actor, now=now)


def _reasons(report: Returned) -> list[str]:
    return [SUPPRESSED_AS[report.kind]] if report.kind in SUPPRESSED_AS else []


def _matched(reports: Sequence[Returned], now: datetime) -> list[tuple[_Sent, Returned]]:
    """The message each report is about; reports about none of ours are left out."""
    ids = {int(found[1]) for one in reports if (found := OUR_ID.fullmatch(one.message_id))}
    by_id = {row[0]: _Sent(*row[1:]) for row in fetch(_BY_ID, [sorted(ids)])} if ids else {}
    rest = {norm for one in reports if one.message_id not in by_id for norm in one.recipients}
    asked = [(norm, person_id) for norm, holders in people_queries.holders(rest).items() for person_id in holders]
    by_address = (
        {row[0]: _Sent(*row[1:]) for row in fetch(_BY_ADDRESS, [*columns(asked), now - LATEST])} if asked else {}
    )
    pairs = []
    for one in reports:
        named = [by_address[norm] for norm in one.recipients if norm in by_address]
        sent = by_id.get(one.message_id) or (named[0] if named else None)
        if sent:
            pairs.append((sent, one))
    return pairs


def _gravest(told: Sequence[tuple[_Sent, Returned]]) -> list[tuple[_Sent, Returned]]:
    """One report per message, of what is worse than what stands already, by id."""
    worst: dict[int, tuple[_Sent, Returned]] = {}
    for one, report in told:
        standing = str(worst[one.id][1].kind) if one.id in worst else one.came_back
        if graver(standing, report.kind):
            worst[one.id] = (one, report)
    return [worst[key] for key in sorted(worst)]


def _fact(one: _Sent, kind: Return, now: datetime) -> MessageReturned:
    return MessageReturned(
        happened_at=now,
        person_id=one.person_id,
        lead_id=one.lead_id,
        reason=str(kind),
        message_id=one.id,
        channel=one.channel,
        purpose=one.purpose,
    )
