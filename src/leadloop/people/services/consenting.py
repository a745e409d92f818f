"""What persons allow and withdraw, in the words they saw."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from leadloop.ledger.contracts import Actor
from leadloop.ledger.facts import Fact
from leadloop.ledger.services import record
from leadloop.ledger.sql import columns, fetch
from leadloop.people.contracts import ConsentWord
from leadloop.people.facts import ConsentGiven, ConsentWithdrawn
from leadloop.people.rules.wording import repeats
from leadloop.people.services.locking import lock_to_change
from leadloop.people.sql import run

_RULING = """
select distinct on (c.person_id, c.channel, c.purpose) c.person_id, c.channel, c.purpose, c.state, c.wording
  from people_consent c
  join unnest(%s::bigint[], %s::text[], %s::text[]) as w (person_id, channel, purpose)
    on (w.person_id, w.channel, w.purpose) = (c.person_id, c.channel, c.purpose)
 order by c.person_id, c.channel, c.purpose, c.at desc, c.id desc
"""
_INSERT = """
insert into people_consent (state, person_id, channel, purpose, wording, source, at, via_id)
select %s, w.*
  from unnest(%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::timestamptz[], %s::bigint[]) as w
"""
_GIVEN, _WITHDRAWN = "given", "withdrawn"
Key = tuple[int, str, str]  # person, channel, purpose


def give_consent(words: Sequence[ConsentWord], *, actor: Actor, now: datetime) -> int:
    """Keep what persons allowed; return how many words were new.

    The latest word on a channel and purpose rules. One that repeats it, in the same wording, is not kept again.
    """
    return _say(words, _GIVEN, actor=actor, now=now)


def withdraw_consent(words: Sequence[ConsentWord], *, actor: Actor, now: datetime) -> int:
    """Keep what persons withdrew; return how many words were new. Nothing need have been given before."""
    return _say(words, _WITHDRAWN, actor=actor, now=now)


def _say(words: Sequence[ConsentWord], state: str, *, actor: Actor, now: datetime) -> int:
    with transaction.atomic(savepoint=False):
        standing = lock_to_change([word.person_id for word in words])
        said = {
            (standing[word.person_id].id, str(word.channel), word.purpose): word
            for word in words
            if word.person_id in standing and not standing[word.person_id].erased
        }
        ruling = ruling_words(list(said))
        new = {key: word for key, word in said.items() if not repeats(ruling.get(key), state, word.wording)}
        if new:
            keep = [(*key, word.wording, word.source, word.at or now, _via(key, word)) for key, word in new.items()]
            run(_INSERT, [state, *columns(keep)])
            record([_fact(state, key, now) for key in new], actor=actor)
    return len(new)


def _via(key: Key, word: ConsentWord) -> int | None:
    """The old id under which it was said, None where it was the person's own."""
    return word.person_id if word.person_id != key[0] else None


def ruling_words(keys: Sequence[Key]) -> dict[Key, tuple[str, str]]:
    """Return state and wording that rule now, by person, channel and purpose."""
    if not keys:
        return {}
    return {
        (i, channel, purpose): (state, wording) for i, channel, purpose, state, wording in fetch(_RULING, columns(keys))
    }


def _fact(state: str, key: Key, now: datetime) -> Fact:
    person_id, channel, purpose = key
    if state == _GIVEN:
        return ConsentGiven(happened_at=now, person_id=person_id, channel=channel, purpose=purpose)
    return ConsentWithdrawn(happened_at=now, person_id=person_id, channel=channel, purpose=purpose)
