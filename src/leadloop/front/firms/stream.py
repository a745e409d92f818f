"""What happened with a company: facts of its people and deals as one stream by day, a page at a time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from leadloop.agreement.contracts import Terms
from leadloop.front.cells import Piece
from leadloop.front.work.timeline import LIMIT, by_day, read_words
from leadloop.leads.queries.paging import Key, cursor_of, read_cursor
from leadloop.ledger.streams import Within, stream
from leadloop.people.contracts import PersonRow
from leadloop.platform.contracts import Viewer

_ORDER = "company-stream"
_KEYS = (Key("happened_at", "timestamptz"), Key("id", "bigint"))


def stream_page(
    viewer: Viewer,
    persons: Sequence[PersonRow],
    deals: Mapping[int, str],
    within: Within,
    *,
    before: str,
    terms: Terms,
    now: datetime,
) -> Piece:
    """Days of the stream behind a cursor, and the cursor of what is older. Three queries at most, four with deals."""
    moment_and_id = read_cursor(_ORDER, _KEYS, before) if before else None
    events = stream(
        person_ids=[known for one in persons for known in one.known_as],
        opportunity_ids=list(deals),
        within=within,
        before=(moment_and_id[0], moment_and_id[1]) if moment_and_id else None,
        limit=LIMIT + 1,
    )
    shown = events[:LIMIT]
    words = read_words(
        shown,
        sorted({event.lead_id for event in shown if event.lead_id}),
        terms,
        viewer.zone,
        persons={known: one.name for one in persons for known in one.known_as},
        deals=deals,
    )
    more = len(events) > LIMIT
    return {
        "days": by_day(shown, words, now),
        "older": cursor_of(_ORDER, (shown[-1].happened_at, shown[-1].id)) if more else "",
    }
