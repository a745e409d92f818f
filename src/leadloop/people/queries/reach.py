"""Whether and where a person may be reached."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from leadloop.ledger.sql import fetch
from leadloop.people.contracts import EVERY_PURPOSE, KIND_OF, Channel, ContactPointRow, Reach
from leadloop.people.rules.digests import digest
from leadloop.people.rules.reaching import address_of, may_not, suppressed_purposes

_POINTS = """
select asked.id, p.zone, p.country, p.language,
       c.id, c.person_id, c.kind, c.value, c.norm, c.is_primary, c.disposable, c.bad_since, c.bad_why
  from people_person asked
  join people_person p on p.id = coalesce(asked.merged_into_id, asked.id)
  left join people_contactpoint c on c.person_id = p.id and c.kind = %s
 where asked.id = any(%s)
"""
_CONSENTS = """
select distinct on (asked.id) asked.id, c.state
  from people_person asked
  join people_consent c on c.person_id = coalesce(asked.merged_into_id, asked.id)
 where asked.id = any(%s) and c.channel = %s and c.purpose = %s
 order by asked.id, c.at desc, c.id desc
"""
_SUPPRESSED = "select digest, purpose, reason from people_suppression where channel = %s and digest = any(%s)"


def reachable(person_ids: Collection[int], channel: Channel | str, purpose: str) -> dict[int, Reach]:
    """How each person may be reached, by the id asked for; one that was merged is reached as the survivor.

    For a decision that must hold when it commits, take `services.lock_for_send` first. Three queries.
    """
    channel = Channel(channel)
    points: dict[int, list[ContactPointRow]] = {}
    about: dict[int, tuple[str, str, str]] = {}
    for asked, zone, country, language, *point in fetch(_POINTS, [KIND_OF[channel], list(person_ids)]):
        about[asked] = (zone, country, language)
        points.setdefault(asked, []).extend([ContactPointRow(*point)] if point[0] is not None else [])
    consents = dict(fetch(_CONSENTS, [list(person_ids), channel, purpose]))
    suppressed = _suppressed(channel, [point.norm for of in points.values() for point in of])
    found: dict[int, Reach] = {}
    for person_id, place in about.items():
        chosen = address_of(points[person_id])
        purposes = suppressed_purposes(chosen, points[person_id], channel, suppressed)
        found[person_id] = Reach(
            person_id,
            chosen.value if chosen else None,
            chosen.norm if chosen else "",
            consents.get(person_id, ""),
            may_not(purposes, purpose),
            EVERY_PURPOSE in purposes,
            *place,
        )
    return found


def suppressed(norms: Collection[str], channel: Channel | str, purpose: str) -> set[str]:
    """Those of the addresses that may not be used on a channel for a purpose. One query."""
    barred = _suppressed(str(channel), list(norms))
    return {norm for norm in norms if may_not(set(barred.get(digest(channel, norm), ())), purpose)}


def erased(norms: Collection[str], channel: Channel | str) -> set[str]:
    """Those of the addresses whose person was erased on request, so that an import can say so. One query."""
    barred = _suppressed(str(channel), list(norms))
    return {norm for norm in norms if barred.get(digest(channel, norm), {}).get(EVERY_PURPOSE) == "erased"}


def _suppressed(channel: str, norms: Sequence[str]) -> dict[str, dict[str, str]]:
    """Reason by purpose, by digest."""
    found: dict[str, dict[str, str]] = {}
    hashes = sorted({digest(channel, norm) for norm in norms})
    for one, purpose, reason in fetch(_SUPPRESSED, [channel, hashes]):
        found.setdefault(one, {})[purpose] = reason
    return found
