"""What the columnar copy does when a person is erased: their rows are written anew at the next refresh."""

from __future__ import annotations

from leadloop.people.stores import Cursor

_ASK = """
insert into tracking_forgotten (person_id)
select id from unnest(%s::bigint[]) as id where exists (select 1 from tracking_copy)
"""


def erase(cursor: Cursor, person_ids: list[int]) -> int:
    """Ask for it; within a minute the files that held the rows are gone. Nothing to do where nothing was copied.

    Asked for again it is done again, for rows may have come since.
    """
    cursor.execute(_ASK, [person_ids])
    return 0
