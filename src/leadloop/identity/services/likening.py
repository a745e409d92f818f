"""Who has just become known is compared with whom we know: by blocks, then field by field.

Guarantee: of two who share a block that says something the later one is compared with the earlier, also where both
become known at the same moment: `liken` waits for its like. Steps: what is known of the new; the blocks they are in,
which are kept; who else is in them; what is known of those; compare, and join or suggest as the portal has it. The
number of statements does not depend on how many are compared, but for those who are joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.identity.contracts import Alike, Likened, Suggested
from leadloop.identity.rules.alike import expected, look_alike, to_join
from leadloop.identity.rules.blocks import MOST, TYPICAL, blocks
from leadloop.identity.services.merging import merge
from leadloop.identity.services.suggesting import suggest
from leadloop.kernel.errors import Conflict, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns, fetch, planned_once, run
from leadloop.people.queries import profiles
from leadloop.people.services import hold

Merge = Callable[..., int]  # with the arguments of `merging.merge`
COMPARED = 40  # with whom one is compared at most: those who share the most blocks

_ONE_AT_A_TIME = 0x4E454152  # tells this advisory lock from others

# The lock is taken before any row is written, and what others wrote is looked for by the next statement: it sees what
# whoever held the lock before has committed.
_KEEP = f"""
insert into identity_nearkey (block, person_id)
select * from unnest(%s::bigint[], %s::bigint[]) as b (block, person_id)
 where not %s or (select pg_advisory_xact_lock({_ONE_AT_A_TIME}) is not null)
 order by block, person_id
    on conflict do nothing
"""
# The limit keeps a block of thousands from being read: it says nothing. It includes who asks. How many persons there
# are is estimated from the planner's own estimate of the blocks.
_SHARED = f"""
select asked.person_id, near.ids, (select reltuples::bigint from pg_class where oid = 'identity_nearkey'::regclass)
  from unnest(%s::bigint[], %s::bigint[]) as asked (block, person_id)
 cross join lateral (select array_agg(coalesce(a.survivor_id, n.person_id)) as ids
                       from (select person_id from identity_nearkey k where k.block = asked.block
                              limit {MOST + 1}) as n
                       left join identity_alias a on a.old_id = n.person_id) as near
 where cardinality(near.ids) between 2 and {MOST}
"""


def liken(
    person_ids: Collection[int], *, as_asked: Mapping[int, Alike], actor: Actor, now: datetime, merge: Merge = merge
) -> Likened:
    """Compare persons who have just become known with everybody else, and join or suggest.

    `as_asked` gives by person what is to become of them, "suggest" where nothing is given. Who was merged or erased
    before is left out, and nobody is while this goes on. `merge` makes two one, in other rooms too where they hold
    something already. Nine statements at most, and those of `merge` for each who is joined. Needs the caller to retry
    deadlocks.
    """
    with transaction.atomic(savepoint=False):
        with planned_once():
            hold(sorted(person_ids))  # an erasure must find the blocks that are written here
            wanted = {one for one in person_ids if as_asked.get(one) is not Alike.NEW}
            found = _alike(person_ids, wanted=wanted, waits=True)
        joined = _join(found, [one for one in found if as_asked.get(one) is Alike.JOIN], merge, actor=actor, now=now)
        with planned_once():
            return Likened(joined, suggest([pair for pairs in found.values() for pair in pairs], now=now))


def join_alike(person_ids: Collection[int], *, actor: Actor, now: datetime) -> dict[int, int]:
    """Make those of these new persons one with a known one of whom that is all but certain; returns survivors by id.

    For those whose inquiry is being taken in, so it waits for nobody. Who becomes known at this moment elsewhere may
    be missed: `liken` comes after and sees them.
    """
    with transaction.atomic(savepoint=False):
        with planned_once():
            found = _alike(person_ids, wanted=person_ids, waits=False)
        return _join(found, list(found), merge, actor=actor, now=now)


def _alike(person_ids: Collection[int], *, wanted: Collection[int], waits: bool) -> dict[int, list[Suggested]]:
    """Keep the blocks of these persons, and return by person of those wanted with whom they look alike."""
    asking = profiles(person_ids)
    in_blocks = {one.id: blocks(one) for one in asking.values()}
    if in_blocks:
        run(_KEEP, [*columns((block, one) for one, of in in_blocks.items() for block in of), waits])
    near, known_to_us = _near({one: of for one, of in in_blocks.items() if one in wanted})
    known = {**profiles({other for others in near.values() for other in others} - asking.keys()), **asking}
    before = expected(known_to_us)
    return {
        one: look_alike(asking[one], [known[other] for other in others if other in known], before=before)
        for one, others in near.items()
    }


def _near(in_blocks: Mapping[int, Collection[int]]) -> tuple[dict[int, list[int]], int]:
    """By person those who share the most blocks with them, as they are known now; and about how many we know."""
    pairs = [(block, one) for one, of in in_blocks.items() for block in of]
    shared: dict[int, Counter[int]] = {}
    kept = 0
    for one, ids, estimated in fetch(_SHARED, columns(pairs)) if pairs else []:
        shared.setdefault(one, Counter()).update(ids)
        kept = estimated
    return {one: _most(one, others) for one, others in shared.items()}, kept // TYPICAL


def _most(one: int, others: Counter[int]) -> list[int]:
    return [other for other, _ in others.most_common(COMPARED + 1) if other != one][:COMPARED]


def _join(
    found: Mapping[int, Sequence[Suggested]], person_ids: Sequence[int], merge: Merge, *, actor: Actor, now: datetime
) -> dict[int, int]:
    """Merge those who are all but certainly somebody known into them, the earlier stays."""
    joined: dict[int, int] = {}
    for one in sorted(person_ids, reverse=True):
        other = to_join(found[one], one)
        if other is None or other > one:
            continue
        reasons = next(pair.reasons for pair in found[one] if other in (pair.person_a, pair.person_b))
        try:
            merge(survivor_id=other, loser_id=one, actor=actor, now=now, reasons=reasons)
        except (Refused, Conflict):  # told apart, erased, or joined by somebody else: nothing is to be done unseen
            continue
        joined = {**{old: other if into == one else into for old, into in joined.items()}, one: other}
    return joined
