"""Locks on persons and addresses. Rows are always taken in the order of their ids."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.kernel.errors import Unavailable
from leadloop.ledger.sql import fetch
from leadloop.people.contracts import Standing
from leadloop.people.rules.digests import on_every_channel

_STANDING = """
select id, coalesce(merged_into_id, id), erased_at is not null, family_name
  from people_person where id = any(%s) order by id for {strength}
"""
_STAND_FOR = "select id, coalesce(merged_into_id, id) from people_person where id = any(%s)"
_ROUNDS = 5
_BUCKETS = 1024  # locks on addresses: few enough for the lock table, enough that strangers seldom meet
_ADDRESS_SPACE = 0x4C4C  # tells these advisory locks from others
_HIERARCHY = 0x4C4D


def hold(person_ids: Sequence[int]) -> dict[int, Standing]:
    """Keep these persons from being merged or erased until the transaction ends; others may still change them.

    Ids that don't exist are left out.
    """
    return _locked(person_ids, "key share")


def lock(person_ids: Sequence[int]) -> dict[int, Standing]:
    """Keep everybody else from changing, merging, erasing or newly pointing at these persons."""
    return _locked(person_ids, "update")


def lock_to_change(person_ids: Sequence[int]) -> dict[int, Standing]:
    """Keep others from changing these persons; rows may still come to point at them.

    An id that was merged locks the survivor and shows how they stand.
    """
    return _survivors_locked(person_ids, "no key update")


def lock_for_send(person_ids: Sequence[int]) -> dict[int, Standing]:
    """Until the transaction ends no consent of these persons and no suppression of their addresses changes.

    What `queries.reachable` says afterwards, in the same transaction, therefore holds when it commits. An id that was
    merged locks the survivor and shows how they stand.
    """
    standing = _survivors_locked(person_ids, "share")
    survivors = [one.id for one in standing.values()]
    addresses = fetch("select kind, norm from people_contactpoint where person_id = any(%s)", [survivors])
    lock_addresses([one for _, one in on_every_channel(addresses)], shared=True)
    return standing


def lock_hierarchy() -> None:
    """Until the transaction ends nobody else changes which firm stands above which: that keeps circles out."""
    fetch("select pg_advisory_xact_lock(%s, 0)", [_HIERARCHY])


def lock_addresses(digests: Sequence[str], *, shared: bool = False) -> None:
    """Lock addresses by their digest: shared to rely on their suppression, alone to change it."""
    buckets = sorted({int(one[:8], 16) % _BUCKETS for one in digests})
    function = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
    if buckets:
        fetch(
            f"""
            select {function}(%s, bucket)
              from (select bucket from unnest(%s::int[]) with ordinality as b (bucket, place)
                     order by place offset 0) as in_order
            """,
            [_ADDRESS_SPACE, buckets],
        )


def _survivors_locked(person_ids: Sequence[int], strength: str) -> dict[int, Standing]:
    """Lock the persons whom these ids stand for. One who was merged while we waited is followed to the survivor."""
    for _ in range(_ROUNDS):
        stand_for = dict(fetch(_STAND_FOR, [list(person_ids)])) if person_ids else {}
        standing = _locked(sorted(set(stand_for.values())), strength)
        if all(one.survivor_id == one.id for one in standing.values()):
            return {asked: standing[survivor] for asked, survivor in stand_for.items()}
    raise Unavailable("Others keep merging the same persons.", mend="Try again in a moment.")


def _locked(person_ids: Sequence[int], strength: str) -> dict[int, Standing]:
    if not person_ids:
        return {}
    found = fetch(_STANDING.format(strength=strength), [list(person_ids)])
    return {row[0]: Standing(*row) for row in found}
