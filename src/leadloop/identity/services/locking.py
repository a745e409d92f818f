"""Locks on two persons for a decision about who they are."""

from __future__ import annotations

from django.db import transaction

from leadloop.identity.queries.aliases import known_as, survivors
from leadloop.kernel.errors import Conflict, NotFound, Unavailable
from leadloop.people.contracts import Standing
from leadloop.people.services import lock

_ROUNDS = 20


class _Moved(Exception):
    """A merge that was under way has moved one of the ids on; leaving the savepoint gives the locks back."""


def lock_two(one_id: int, other_id: int) -> tuple[Standing, Standing]:
    """Lock the persons whom two ids stand for, under all their ids, and return them in the order asked.

    All rows are locked in one go and in the order of their ids, so that merges wait for each other instead of
    deadlocking. Raises NotFound for an unknown id, Conflict where both stand for one person already.
    """
    asked = [one_id, other_id]
    for _ in range(_ROUNDS):
        try:
            with transaction.atomic():
                return _lock(asked)
        except _Moved:
            continue
    raise Unavailable("Others keep merging the same persons.", mend="Try again in a moment.")


def _lock(asked: list[int]) -> tuple[Standing, Standing]:
    ids = known_as(asked)
    if len({tuple(of) for of in ids.values()}) == 1:
        raise Conflict("These are one person already.")
    standing = lock(sorted({one for of in ids.values() for one in of}))
    if known_as(asked) != ids:
        raise _Moved
    one, other = (standing.get(person_id) for person_id in survivors(asked).values())
    if one is None or other is None:
        raise NotFound("There is no such person.")
    return one, other
