"""Who gets a key that nobody holds yet: the unique index decides between batches that want it at the same time.

Terms: a *claim* is a key with the holder planned for it. Guarantee: when `settle` returns, every key of the batch
belongs to the holder it says, whoever else was at work. Steps: plan by what is known; insert the claims in sorted
order, so that two batches wait for each other instead of deadlocking; where an insert was beaten, learn who holds the
key now, plan again, and hand the keys won by a plan that is void over to the new one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from django.db import IntegrityError, transaction

from leadloop.identity.rules.keys import Key
from leadloop.identity.rules.matching import Holder, Match, Plan
from leadloop.kernel.errors import Unavailable
from leadloop.kernel.values import dataclass
from leadloop.ledger.copying import copy
from leadloop.ledger.sql import columns, fetch, run

_ROUNDS = 5


@dataclass(frozen=True, slots=True)
class Keyring:
    """A table of keys: its name and the column that names the holder."""

    table: str
    column: str


PERSONS = Keyring("identity_matchkey", "person_id")
FIRMS = Keyring("identity_companykey", "company_id")


@dataclass(frozen=True, slots=True)
class Settled:
    """`matches` with real ids in the order of the batch; `new` are the ids to be written, by place."""

    matches: list[Match]
    new: dict[int, int]


def settle(
    keyring: Keyring,
    plan: Callable[[Mapping[Key, Holder]], Plan],
    known: Mapping[Key, Holder],
    *,
    allocate: Callable[[int], list[int]],
    look_up: Callable[[Sequence[Key]], Mapping[Key, Holder]],
) -> Settled:
    """Claim the keys of a batch. `allocate` makes ids for new holders, `look_up` tells who holds keys now.

    Four statements at most while nobody interferes. Raises Unavailable when others keep interfering.
    """
    ids: dict[int, int] = {}
    ours: dict[Key, int] = {}
    for _ in range(_ROUNDS):
        planned = plan(known)
        _name(planned, ids, allocate)
        claims = {key: ids.get(holder, holder) for key, holder in planned.claims.items()}
        wanted = {key: holder for key, holder in claims.items() if key not in ours}
        if not wanted or _insert(keyring, wanted) == len(wanted):
            _hand_over(keyring, {key: claims[key] for key, holder in ours.items() if claims[key] != holder})
            return _settled(planned, ids)
        held = look_up(list(wanted))
        ours |= {key: wanted[key] for key, holder in held.items() if holder.id == wanted[key]}
        known = {**known, **{key: holder for key, holder in held.items() if key not in ours}}
    raise Unavailable("Others keep changing the same records.", mend="Try again in a moment.")


def _name(planned: Plan, ids: dict[int, int], allocate: Callable[[int], list[int]]) -> None:
    """Give every new holder of the plan an id, those of an earlier round keep theirs."""
    unnamed = sorted({found.holder for found in planned.matches if found.holder < 0} - ids.keys(), reverse=True)
    ids |= zip(unnamed, allocate(len(unnamed)), strict=True)


def _settled(planned: Plan, ids: Mapping[int, int]) -> Settled:
    new = {-found.holder - 1: ids[found.holder] for found in planned.matches if found.holder < 0}
    matches = [m._replace(holder=ids[m.holder]) if m.holder < 0 else m for m in planned.matches]
    return Settled(matches, new)


def _insert(keyring: Keyring, claims: Mapping[Key, int]) -> int:
    """Insert what nobody holds and return how many that were; waits for others who are inserting the same.

    As a rule nobody has come first, and being ready for it costs a second record in the log for every key.
    """
    rows = sorted((kind, value, holder) for (kind, value), holder in claims.items())
    try:
        with transaction.atomic():
            copy(keyring.table, ("kind", "value", keyring.column), rows)
    except IntegrityError:
        return run(
            f"""
            insert into {keyring.table} (kind, value, {keyring.column})
            select * from unnest(%s::text[], %s::text[], %s::bigint[])
                on conflict (kind, value) do nothing
            """,
            columns(rows),
        )
    return len(rows)


def _hand_over(keyring: Keyring, claims: Mapping[Key, int]) -> None:
    """Give keys that this transaction inserted to the holder of the final plan."""
    if claims:
        fetch(
            f"""
            update {keyring.table} t set {keyring.column} = k.holder
              from unnest(%s::text[], %s::text[], %s::bigint[]) as k (kind, value, holder)
             where t.kind = k.kind and t.value = k.value
            returning 1
            """,
            _columns(claims),
        )


def _columns(claims: Mapping[Key, int]) -> list[list[object]]:
    return [[kind for kind, _ in claims], [value for _, value in claims], list(claims.values())]
