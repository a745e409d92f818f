"""Whose deals and activities are, when two persons become one or are parted again."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.selling.sql import fetch, run

_RETURN = """
update selling_opportunity o set person_id = %s
 where o.person_id = %s
   and (o.id = any(%s) or exists (select from selling_opportunitylead k
                                   where k.opportunity_id = o.id and k.is_primary and k.lead_id = any(%s)))
"""
_FOLLOW = "update selling_activity set person_id = %s where person_id = %s and lead_id = any(%s)"


def move_person(loser_id: int, survivor_id: int) -> list[int]:
    """Hand the deals of one person to another, and return their ids. Activities stay as they were logged.

    One statement.
    """
    found = fetch(
        "update selling_opportunity set person_id = %s where person_id = %s returning id", [survivor_id, loser_id]
    )
    return sorted(opportunity_id for (opportunity_id,) in found)


def return_person(deal_ids: Collection[int], lead_ids: Collection[int], *, from_id: int, to_id: int) -> None:
    """Give back deals by id, and what was opened and logged since on leads that are theirs. Two statements."""
    run(_RETURN, [to_id, from_id, sorted(deal_ids), sorted(lead_ids)])
    run(_FOLLOW, [to_id, from_id, sorted(lead_ids)])


def deals_of(person_id: int) -> int:
    """How many deals are in a person's name. One query."""
    ((count,),) = fetch("select count(*) from selling_opportunity where person_id = %s", [person_id])
    return int(count)
