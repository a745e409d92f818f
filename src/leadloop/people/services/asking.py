"""Consent that counts only once its address has confirmed it (double opt-in)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db import transaction

from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import Asked, Channel, ConfirmationRow, ConsentWord, Standing
from leadloop.people.facts import AddressLifted, ConsentAsked
from leadloop.people.queries.confirmations import confirmation
from leadloop.people.queries.persons import contact_points
from leadloop.people.queries.reach import reachable
from leadloop.people.rules.asking import VALID, Before, must_ask
from leadloop.people.rules.digests import digest, on_every_channel
from leadloop.people.services.consenting import Key, give_consent, ruling_words
from leadloop.people.services.locking import lock_addresses, lock_to_change
from leadloop.people.sql import run

_LAST_ASKED = """
select distinct on (c.source, c.digest) c.source, c.digest, c.asked_at
  from people_confirmation c
  join unnest(%s::text[], %s::text[]) as w (source, digest) on (w.source, w.digest) = (c.source, c.digest)
 order by c.source, c.digest, c.asked_at desc
"""
_CONFIRMED = """
select distinct on (asked.id, c.channel, c.purpose) asked.id, c.channel, c.purpose, c.wording
  from unnest(%s::bigint[]) as asked (id)
  join people_person p on asked.id in (p.id, p.merged_into_id)
  join people_confirmation c on c.person_id = p.id and c.confirmed_at is not null
 order by asked.id, c.channel, c.purpose, c.confirmed_at desc
"""
_INSERT = """
insert into people_confirmation (person_id, channel, purpose, wording, source, digest, asked_at, expires_at)
select w.*, %s, %s from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::text[]) as w
returning id, person_id, channel, purpose
"""
_CONFIRM = """
update people_confirmation set confirmed_at = %s, confirmed_from = %s
 where id = %s and confirmed_at is null and expires_at > %s
"""
_LIFT = """
delete from people_suppression where digest = %s and channel = %s and purpose = %s and reason = 'unsubscribed'
"""


@transaction.atomic
def ask_consent(words: Sequence[ConsentWord], *, actor: Actor, now: datetime) -> int:
    """Keep that persons are to confirm these words, and return how many are to be asked. Nothing is allowed by it.

    What was allowed before stays: nobody may take another's consent away by typing in their address. Each address
    gets one mail of one source a day at most. Left out is who has no address that works, or was erased. All words of
    a batch are of one channel. The number of statements does not depend on their number.
    """
    if not words:
        return 0
    standing = lock_to_change([word.person_id for word in words])
    asked = _asked(words, standing)
    lock_addresses([one.digest for one in asked])
    before = _before(asked)
    wanted = {one.place: one for one in asked if must_ask(before[one], one.word.wording, now)}
    if not wanted:
        return 0
    made = fetch(_INSERT, [now, now + VALID, *columns(one.as_row() for one in wanted.values())])
    facts = [
        ConsentAsked(happened_at=now, person_id=person_id, channel=channel, purpose=purpose, confirmation_id=row_id)
        for row_id, person_id, channel, purpose in sorted(made)
    ]
    record(facts, actor=actor)
    return len(made)


@transaction.atomic
def confirm(confirmation_id: int, *, address: str, actor: Actor, now: datetime) -> Asked | None:
    """Let a consent count from now on, and return how it stands.

    None where there is none, and where its person was erased or no longer has the address that was asked.
    `address` is the network address it was confirmed from. Doing it again changes nothing. The mailbox that had once
    unsubscribed is written to again: nobody but who reads it can follow the link. Must be called on POST only:
    scanners follow links.
    """
    row = confirmation(confirmation_id)
    if row is None or not _is_theirs(row):
        return None
    if not run(_CONFIRM, [now, address, confirmation_id, now]):
        again = confirmation(confirmation_id)
        return again.state(now) if again else None
    word = ConsentWord(
        person_id=row.person_id,
        channel=Channel(row.channel),
        purpose=row.purpose,
        wording=row.wording,
        source=row.source,
    )
    give_consent([word], actor=actor, now=now)
    _write_again(row, actor=actor, now=now)
    return Asked.CONFIRMED


def _is_theirs(row: ConfirmationRow) -> bool:
    """Whether the person, whom this locks, still has the address that was asked."""
    standing = lock_to_change([row.person_id])
    points = contact_points([one.id for one in standing.values() if not one.erased])
    hashes = on_every_channel((point.kind, point.norm) for of in points.values() for point in of)
    return (row.channel, row.digest) in hashes


def _write_again(row: ConfirmationRow, *, actor: Actor, now: datetime) -> None:
    lock_addresses([row.digest])
    if run(_LIFT, [row.digest, row.channel, row.purpose]):
        lifted = AddressLifted(happened_at=now, reason="unsubscribed", channel=row.channel, purpose=row.purpose)
        record([lifted], actor=actor)


@dataclass(frozen=True, slots=True)
class _Asked:
    """One word to be confirmed, with who stands for the person, and the digest of the address in use."""

    word: ConsentWord
    person_id: int
    digest: str

    @property
    def place(self) -> tuple[str, str]:
        """What is asked once a day: one source, one address."""
        return self.word.source, self.digest

    @property
    def key(self) -> Key:
        """Whose word on what."""
        return self.person_id, str(self.word.channel), self.word.purpose

    def as_row(self) -> tuple[Any, ...]:
        """What is kept."""
        return *self.key, self.word.wording, self.word.source, self.digest


def _asked(words: Sequence[ConsentWord], standing: Mapping[int, Standing]) -> list[_Asked]:
    """Those of the words that somebody can be asked about."""
    channel, purpose = words[0].channel, words[0].purpose
    reach = reachable({word.person_id for word in words}, channel, purpose)
    return [
        _Asked(word, standing[word.person_id].id, digest(channel, found.norm))
        for word in words
        if word.person_id in standing
        and not standing[word.person_id].erased
        and (found := reach[word.person_id]).address is not None
    ]


def _before(asked: Sequence[_Asked]) -> dict[_Asked, Before]:
    """What was before each of them. Three queries."""
    if not asked:
        return {}
    last = {row[:2]: row[2] for row in fetch(_LAST_ASKED, columns(sorted({one.place for one in asked})))}
    confirmed = {row[:3]: row[3] for row in fetch(_CONFIRMED, [sorted({one.person_id for one in asked})])}
    ruling = ruling_words(sorted({one.key for one in asked}))
    return {one: Before(last.get(one.place), confirmed.get(one.key), ruling.get(one.key)) for one in asked}
