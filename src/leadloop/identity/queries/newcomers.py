"""Who came new, and who is known."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.keys import person_keys
from leadloop.ledger.sql import columns, fetch

_NEWCOMERS = "select person_id from identity_matchdecision where inquiry_id = any(%s) and outcome = 'new'"
_KNOWN = """
select k.kind, k.value, m.person_id from unnest(%s::text[], %s::text[]) as k (kind, value)
 cross join lateral (select person_id from identity_matchkey m
                      where m.kind = k.kind and m.value = k.value limit 1) as m
"""


def newcomers(inquiry_ids: Collection[int]) -> set[int]:
    """The persons who became known by one of these inquiries. One query."""
    return {person_id for (person_id,) in fetch(_NEWCOMERS, [list(inquiry_ids)])}


def known(candidates: Sequence[Candidate]) -> dict[int, int]:
    """Whom candidates would be taken for, by ref, as far as they are known: by their first key that is. One query.

    Only a look: nothing is locked, so it may be another a moment later.
    """
    keys = {one.ref: person_keys(one) for one in candidates}
    wanted = sorted({key for of in keys.values() for key in of})
    held = {(kind, value): person for kind, value, person in fetch(_KNOWN, columns(wanted))} if wanted else {}
    found = ((ref, next((held[key] for key in of if key in held), None)) for ref, of in keys.items())
    return {ref: person for ref, person in found if person is not None}
