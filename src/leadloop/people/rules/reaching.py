"""Which address of a person counts, and whether it may be used."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from leadloop.people.contracts import EVERY_PURPOSE, ContactPointRow
from leadloop.people.rules.digests import digest

BOUNCED = "bounced"


def address_of(points: Sequence[ContactPointRow]) -> ContactPointRow | None:
    """Return the primary address that has not failed, else the oldest such; None when there is none."""
    working = [point for point in points if point.bad_since is None]
    return min(working, key=lambda point: (not point.is_primary, point.id), default=None)


def suppressed_purposes(
    chosen: ContactPointRow | None,
    points: Sequence[ContactPointRow],
    channel: str,
    suppressed: Mapping[str, Mapping[str, str]],
) -> set[str]:
    """Return the purposes for which a person may not be reached; "" among them means all.

    `suppressed` is reason by purpose, by digest. A word of the person (unsubscribed, complained) at one address holds
    for all their addresses, or a second address would be a way round it; a bounce says something of its address only.
    """
    found: set[str] = set()
    for point in points:
        for purpose, reason in suppressed.get(digest(channel, point.norm), {}).items():
            if reason != BOUNCED or point is chosen:
                found.add(purpose)
    return found


def may_not(purposes: set[str], purpose: str) -> bool:
    """Tell whether a purpose is among the suppressed ones, by name or because all are."""
    return purpose in purposes or EVERY_PURPOSE in purposes
