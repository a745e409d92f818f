"""Who holds which key."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.identity.rules.keys import DOMAIN, EMAIL, NAME, PHONE, Key
from leadloop.identity.rules.matching import Holder
from leadloop.kernel.errors import Unavailable
from leadloop.ledger.sql import fetch, planned_once
from leadloop.people.services import hold

# The limits keep it to one index look-up per key: joined freely, a stale estimate has the whole table hashed. The
# indexes on holder and kind are for this look-up too: without statistics, as in a first import, an index on the holder
# alone is not told from the one that begins with the kind, and every e-mail address would be gone through.
# Whether the holder of a weak key has one of the strongest kind too is asked for weak keys only.
_HELD = """
select '{table}' as held_in, k.kind, k.value, m.holder,
       k.kind = '{strong}' or k.kind = '{weak}' and coalesce((
           select true from {table} s where s.{column} = m.holder and s.kind = '{strong}' limit 1), false)
  from unnest(%s::text[], %s::text[]) as k (kind, value)
 cross join lateral (select {column} as holder from {table} m
                      where m.kind = k.kind and m.value = k.value limit 1) as m
"""
_PERSONS = _HELD.format(table="identity_matchkey", column="person_id", strong=EMAIL, weak=PHONE)
_FIRMS = _HELD.format(table="identity_companykey", column="company_id", strong=DOMAIN, weak=NAME)
_ROUNDS = 5
Held = dict[Key, Holder]


def holders(person_keys: Sequence[Key], firm_keys: Sequence[Key]) -> tuple[Held, Held]:
    """Return who holds which of these keys, persons and firms. The persons are held (see `people.services.hold`)."""
    persons, firms = _ask(f"{_PERSONS} union all {_FIRMS}", person_keys, firm_keys)
    return _standing(persons, person_keys), firms


def person_holders(keys: Sequence[Key]) -> Held:
    """The same for persons only."""
    return _standing(_ask(_PERSONS, keys)[0], keys)


def firm_holders(keys: Sequence[Key]) -> Held:
    """The same for firms only."""
    return _ask(_FIRMS, keys)[1]


def _standing(held: Held, keys: Sequence[Key]) -> Held:
    """Hold the persons. One who was merged or erased while we waited has given up the keys: look again."""
    for _ in range(_ROUNDS):
        standing = hold(sorted({holder.id for holder in held.values()}))
        if all(one.is_whole for one in standing.values()):
            families = {one.id: one.family for one in standing.values()}
            return {
                key: Holder(holder.id, holder.has_strongest, families.get(holder.id, ""))
                for key, holder in held.items()
            }
        held = _ask(_PERSONS, keys)[0]
    raise Unavailable("Others keep changing the same persons.", mend="Try again in a moment.")


def _ask(statement: str, *keys: Sequence[Key]) -> tuple[Held, Held]:
    values = [column for of in keys for column in ([kind for kind, _ in of], [value for _, value in of])]
    persons: Held = {}
    firms: Held = {}
    with planned_once():
        found = fetch(statement, values)
    for held_in, kind, value, holder, has_strongest in found:
        (persons if held_in == "identity_matchkey" else firms)[kind, value] = Holder(holder, has_strongest)
    return persons, firms
