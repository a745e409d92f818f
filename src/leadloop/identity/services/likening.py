"""Who has just become known is compared with whom we know: by blocks, then field by field.

Guarantee: of two who share a block that says something the later one is compared with the earlier, also where both
become known at the same moment: `liken` waits for its like. Steps: what is known of the new; the blocks they are in,
which are kept; who else is in them; what is known of those; compare, and join or suggest as the portal has it. The
number of statements does not depend on how many are compared, but for those who are joined.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from django.db import transaction

from leadloop.identity.contracts import Alike, Likened, Suggested
from leadloop.identity.queries.aliases import survivors
from leadloop.identity.rules.alike import compare, expected, is_worth_asking, to_join
from leadloop.identity.rules.blocks import MOST, blocks
from leadloop.identity.services.merging import merge
from leadloop.identity.services.suggesting import suggest
from leadloop.kernel.errors import Conflict, Refused
from leadloop.ledger.contracts import Actor
from leadloop.ledger.sql import columns, fetch, run
from leadloop.people.queries import about_how_many, profiles

COMPARED = 40  # with whom one is compared at most: those who share the most blocks
_ONE_AT_A_TIME = 0x4E454152  # tells this advisory lock from others

_KEEP = """
insert into identity_nearkey (block, person_id)
select * from unnest(%s::bigint[], %s::bigint[]) as b (block, person_id)
 order by block, person_id
    on conflict do nothing
"""
# The limit keeps a block of thousands from being read: it says nothing. It includes who asks.
_SHARED = f"""
select asked.person_id, near.ids
  from unnest(%s::bigint[], %s::bigint[]) as asked (block, person_id)
 cross join lateral (select array_agg(n.person_id) as ids
                       from (select person_id from identity_nearkey k where k.block = asked.block
                              limit {MOST + 1}) as n) as near
 where cardinality(near.ids) between 2 and {MOST}
"""


def liken(person_ids: Collection[int], *, as_asked: Mapping[int, Alike], actor: Actor, now: datetime) -> Likened:
    """Compare persons who have just become known with everybody else, and join or suggest.

    `as_asked` gives by person what is to become of them, "suggest" where nothing is given. Who was merged or erased
    meanwhile is left out. Eleven statements at most, and those of `merge` for each who is joined. Needs the caller to
    retry deadlocks.
    """
    with transaction.atomic():
        fetch("select pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
        found = _alike(person_ids, wanted={one for one in person_ids if as_asked.get(one) is not Alike.NEW})
        joined = _join(found, [one for one in found if as_asked.get(one) is Alike.JOIN], actor=actor, now=now)
        worth = [pair for pairs in found.values() for pair in pairs if is_worth_asking(pair)]
        return Likened(joined, suggest(worth, now=now))


def join_alike(person_ids: Collection[int], *, actor: Actor, now: datetime) -> dict[int, int]:
    """Make those of these new persons one with a known one of whom that is all but certain; returns survivors by id.

    For those whose inquiry is being taken in. Who becomes known at this moment elsewhere may be missed: `liken` comes
    after and sees them.
    """
    with transaction.atomic():
        found = _alike(person_ids, wanted=person_ids)
        return _join(found, list(found), actor=actor, now=now)


def _alike(person_ids: Collection[int], *, wanted: Collection[int]) -> dict[int, list[Suggested]]:
    """Keep the blocks of these persons, and compare those wanted with who shares one; who shares none is left out."""
    asking = profiles(person_ids)
    in_blocks = {one.id: blocks(one) for one in asking.values()}
    if in_blocks:
        run(_KEEP, columns((block, one) for one, of in in_blocks.items() for block in of))
    near = _near({one: of for one, of in in_blocks.items() if one in wanted})
    known = {**profiles({other for others in near.values() for other in others} - asking.keys()), **asking}
    compared = {one: [known[other] for other in others if other in known] for one, others in near.items()}
    before = expected(about_how_many()) if compared else 0.0
    return {
        one: [compare(asking[one], other, before=before) for other in others]
        for one, others in compared.items()
        if others
    }


def _near(in_blocks: Mapping[int, Collection[int]]) -> dict[int, list[int]]:
    """By person those who share the most blocks with them, as they are known now."""
    pairs = [(block, one) for one, of in in_blocks.items() for block in of]
    shared: dict[int, Counter[int]] = {}
    for one, ids in fetch(_SHARED, columns(pairs)) if pairs else []:
        shared.setdefault(one, Counter()).update(ids)
    stands_for = survivors({other for others in shared.values() for other in others})
    return {one: _most(one, others, stands_for) for one, others in shared.items()}


def _most(one: int, others: Counter[int], stands_for: Mapping[int, int]) -> list[int]:
    ranked = dict.fromkeys(stands_for[other] for other, _ in others.most_common())
    return [other for other in ranked if other != one][:COMPARED]


def _join(
    found: Mapping[int, Sequence[Suggested]], person_ids: Sequence[int], *, actor: Actor, now: datetime
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
