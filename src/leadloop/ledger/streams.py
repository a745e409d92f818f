"""What happened to several persons and deals as one stream, in the order in which it happened."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from leadloop.kernel.values import dataclass
from leadloop.ledger.contracts import Event
from leadloop.ledger.queries import EVENT_COLUMNS, to_event
from leadloop.ledger.sql import fetch


@dataclass(frozen=True, slots=True)
class Within:
    """What somebody may read of a stream: facts of no lead and no deal, and those of these; None means of all."""

    lead_ids: Collection[int] | None = None
    opportunity_ids: Collection[int] | None = None


def stream(
    *,
    person_ids: Collection[int],
    opportunity_ids: Collection[int],
    within: Within,
    before: tuple[datetime, int] | None = None,
    limit: int = 50,
) -> list[Event]:
    """Facts of these persons (with their old ids) and of these deals, the newest first by when they happened.

    `before` pages on: moment and id of the last fact of the page before. One query.
    """
    moment, fact_id = before or (None, None)
    leads, deals = (None if ids is None else list(ids) for ids in (within.lead_ids, within.opportunity_ids))
    found = fetch(
        f"""
        with found as (
            select e.id from ledger_event e where e.person_id = any(%s::bigint[])
             union
            select e.id from ledger_event e where e.opportunity_id = any(%s::bigint[]))
        select 0, {EVENT_COLUMNS} from ledger_event e join found f on f.id = e.id
         where (%s::timestamptz is null or (e.happened_at, e.id) < (%s::timestamptz, %s::bigint))
           and (%s::bigint[] is null or e.lead_id is null or e.lead_id = any(%s::bigint[]))
           and (%s::bigint[] is null or e.opportunity_id is null or e.opportunity_id = any(%s::bigint[]))
         order by e.happened_at desc, e.id desc limit %s
        """,
        [
            *(list(person_ids), list(opportunity_ids), moment, moment, fact_id),
            *(leads, leads, deals, deals, limit),
        ],
    )
    return [to_event(row) for row in found]
