"""Whether two records may become one."""

from __future__ import annotations

from leadloop.kernel.decision import Decision, Reason, because
from leadloop.people.contracts import Standing


def may_merge(survivor: Standing, loser: Standing, *, said_apart: bool) -> Decision[bool]:
    """Return whether the loser may become one with the survivor; both stand for themselves.

    `said_apart` tells that somebody said of the two, or of records that were merged into them, that they are not the
    same.
    """
    against = []
    if survivor.erased or loser.erased:
        against.append(Reason("erased", "One of them was erased on request"))
    if said_apart:
        against.append(Reason("never_merge", "Somebody said that they are not the same person"))
    return because(not against, *against)
