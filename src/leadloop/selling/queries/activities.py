"""What was done on leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime
from typing import Any

from django.db.models import Count, Max, QuerySet

from leadloop.ledger.reads import Read, Rows, ask
from leadloop.selling.contracts import ActivityKind, ActivityRow, Doing
from leadloop.selling.models import Activity

_FIELDS = tuple(field.name for field in fields(ActivityRow))
_KIND = _FIELDS.index("kind")
_OF_LEADS = f"""
select {", ".join(_FIELDS)} from selling_activity
 where lead_id = any(%s::bigint[]) and undone_at is null order by happened_at desc, id desc
"""


def activities(lead_ids: Iterable[int]) -> dict[int, list[ActivityRow]]:
    """What was done on each of these leads, the newest first; what was taken back is left out. One query."""
    return ask(activities_read(lead_ids))


def activities_read(lead_ids: Iterable[int]) -> Read[dict[int, list[ActivityRow]]]:
    """What `activities` asks, to be asked together with others."""
    ids = list(lead_ids)

    def answer(rows: Rows) -> dict[int, list[ActivityRow]]:
        found: dict[int, list[ActivityRow]] = {lead_id: [] for lead_id in ids}
        for values in rows:
            row = _row(values)
            found[row.lead_id].append(row)
        return found

    return Read(_OF_LEADS, [ids], answer)


def last_done(lead_ids: Iterable[int]) -> dict[int, datetime]:
    """When something was last done on each of these leads; leads on which nothing was are left out. One query."""
    found = Activity.objects.filter(lead_id__in=list(lead_ids), undone_at__isnull=True)
    return dict(found.values_list("lead_id").annotate(Max("happened_at")).order_by())


def doings(user_id: int, start: datetime, end: datetime) -> list[Doing]:
    """What a user did in this time by kind and outcome, the most frequent first. One query."""
    counted = _done(user_id, start, end).values_list("kind", "outcome").annotate(Count("id"))
    rows = [Doing(ActivityKind(kind), outcome, count) for kind, outcome, count in counted.order_by()]
    return sorted(rows, key=lambda row: (-row.count, row.kind, row.outcome))


def done_by(
    user_id: int, start: datetime, end: datetime, *, kind: str = "", outcome: str | None = None, limit: int = 200
) -> list[ActivityRow]:
    """What a user did in this time, the newest first, of one kind and outcome where they are given. One query."""
    rows = _done(user_id, start, end).order_by("-happened_at", "-id")
    if kind:
        rows = rows.filter(kind=kind)
    if outcome is not None:
        rows = rows.filter(outcome=outcome)
    return [_row(values) for values in rows.values_list(*_FIELDS)[:limit]]


def _done(user_id: int, start: datetime, end: datetime) -> QuerySet[Activity]:
    return Activity.objects.filter(user_id=user_id, happened_at__gte=start, happened_at__lt=end, undone_at__isnull=True)


def _row(values: tuple[Any, ...]) -> ActivityRow:
    return ActivityRow(*(*values[:_KIND], ActivityKind(values[_KIND]), *values[_KIND + 1 :]))
