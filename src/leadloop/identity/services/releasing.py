"""Giving up keys whose addresses are no longer a person's."""

from __future__ import annotations

from collections.abc import Iterable

from leadloop.identity.rules.keys import EMAIL, EXTERNAL
from leadloop.kernel.text import matching_view
from leadloop.ledger.sql import columns, run

_RELEASE = """
delete from identity_matchkey k using unnest(%s::bigint[], %s::text[], %s::text[]) as g (person_id, kind, value)
 where (k.person_id, k.kind, k.value) = (g.person_id, g.kind, g.value)
"""


def release(addresses: Iterable[tuple[int, str, str]], external: Iterable[tuple[int, str, str]] = ()) -> None:
    """Give up the keys of addresses (person, kind, normal form) and of other systems' numbers (person, system, id)."""
    keys = [(i, kind, matching_view(norm) if kind == EMAIL else norm) for i, kind, norm in addresses]
    keys += [(i, f"{EXTERNAL}:{system}", number) for i, system, number in external]
    if keys:
        run(_RELEASE, columns(keys))
