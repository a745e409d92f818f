"""What was done on leads."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields

from leadloop.selling.contracts import ActivityKind, ActivityRow
from leadloop.selling.models import Activity

_FIELDS = tuple(field.name for field in fields(ActivityRow))
_KIND = _FIELDS.index("kind")


def activities(lead_ids: Iterable[int]) -> dict[int, list[ActivityRow]]:
    """What was done on each of these leads, the newest first; what was taken back is left out. One query."""
    found: dict[int, list[ActivityRow]] = {lead_id: [] for lead_id in lead_ids}
    rows = Activity.objects.filter(lead_id__in=list(found), undone_at__isnull=True).order_by("-happened_at", "-id")
    for values in rows.values_list(*_FIELDS):
        row = ActivityRow(*(*values[:_KIND], ActivityKind(values[_KIND]), *values[_KIND + 1 :]))
        found[row.lead_id].append(row)
    return found
