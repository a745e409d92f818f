"""Which candidates another process may be making a person or a firm of at this moment."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.identity.contracts import Candidate
from leadloop.identity.rules.keys import Key, firm_keys, person_keys


def crossing(candidates: Sequence[Candidate], others: Sequence[Candidate]) -> set[int]:
    """The refs of candidates that share a key of a person or a firm with one of the others.

    So does who shares one with such a candidate before them: whoever comes first in the list must be met first.
    """
    taken = {key for other in others for key in _keys(other)}
    refs = set()
    for one in candidates:
        keys = _keys(one)
        if not taken.isdisjoint(keys):
            refs.add(one.ref)
            taken.update(keys)
    return refs


def _keys(candidate: Candidate) -> list[Key]:
    return [*person_keys(candidate), *firm_keys(candidate)]
