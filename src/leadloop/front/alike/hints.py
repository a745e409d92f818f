"""What a lead's record says of other records that may be, or belong to, the same person."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.front.cells import Piece
from leadloop.identity.contracts import SuggestionRow, Verdict
from leadloop.loop import commands
from leadloop.people.contracts import PersonRow
from leadloop.people.queries import people
from leadloop.platform.contracts import Viewer

HINTED = (Verdict.OPEN, Verdict.RELATED)


def hints(viewer: Viewer, person: PersonRow, rows: Sequence[SuggestionRow]) -> Piece | None:
    """Pairs to review, as far as the viewer may decide on them, and the names of those who are related.

    At most two queries, and none for most people.
    """
    if not rows:
        return None
    waiting = commands.alike_within(viewer, [row for row in rows if row.state is Verdict.OPEN])
    related = people({_other(row, person) for row in rows if row.state is Verdict.RELATED})
    if not waiting and not related:
        return None
    return {
        "count": len(waiting),
        "url": f"/duplicates/{waiting[0].id}" if waiting else "",
        "related": sorted(one.name for one in related.values()),
    }


def _other(row: SuggestionRow, person: PersonRow) -> int:
    return row.person_b if row.person_a in person.known_as else row.person_a
