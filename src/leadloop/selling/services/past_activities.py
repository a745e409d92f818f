"""What was done elsewhere before, with its times: imported history that keeps no promise of today."""

from __future__ import annotations

from collections.abc import Sequence

from django.db import transaction

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import Actor
from leadloop.ledger.services import record
from leadloop.selling.contracts import PastActivity
from leadloop.selling.facts import ActivityLogged
from leadloop.selling.outcomes import NO_OUTCOME, outcome_of
from leadloop.selling.sql import columns, fetch

_INSERT = """
insert into selling_activity (source_key, lead_id, person_id, opportunity_id, user_id, kind, outcome, contacted, note,
       minutes, happened_at)
select * from unnest(%s::text[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::text[], %s::text[],
                     %s::boolean[], %s::text[], %s::int[], %s::timestamptz[])
    on conflict (source_key) where source_key is not null do nothing
returning source_key, id
"""


def bring_in_activities(activities: Sequence[PastActivity], *, actor: Actor) -> dict[str, int]:
    """Write activities with the time they had; return the ids of those that are new, by key. Two queries.

    Raises Invalid for an outcome that its kind doesn't have.
    """
    if not activities:
        return {}
    contacted = {one.key: _contacted(one) for one in activities}
    with transaction.atomic():
        new = dict(fetch(_INSERT, columns(_row(one, contacted=contacted[one.key]) for one in activities)))
        facts = [
            ActivityLogged(
                happened_at=one.happened_at,
                person_id=one.person_id,
                lead_id=one.lead_id,
                opportunity_id=one.opportunity_id,
                activity_id=new[one.key],
                user_id=one.user_id,
                activity=str(one.kind),
                outcome=one.outcome,
                contacted=contacted[one.key],
            )
            for one in sorted(activities, key=lambda one: one.happened_at)
            if one.key in new
        ]
        record(facts, actor=actor)
    return new


def _contacted(one: PastActivity) -> bool:
    found = outcome_of(one.kind, one.outcome) if one.outcome else NO_OUTCOME
    if found is None:
        raise Invalid(f"{one.key}: {one.kind} does not end as {one.outcome}", field="outcome", mend="Correct the row")
    return found.contacted


def _row(one: PastActivity, *, contacted: bool) -> tuple[object, ...]:
    return (
        one.key,
        one.lead_id,
        one.person_id,
        one.opportunity_id,
        one.user_id,
        str(one.kind),
        one.outcome,
        contacted,
        one.note,
        one.minutes,
        one.happened_at,
    )
