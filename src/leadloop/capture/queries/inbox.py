"""The inbox as people look at it: what waits, what is set aside, and whether the sums come out."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.db import connection
from django.db.models import Q, QuerySet

from leadloop.capture.contracts import NO_INQUIRIES, BalanceRow, QuarantineRow
from leadloop.capture.models import Submission
from leadloop.kernel.errors import NotFound
from leadloop.ledger.contracts import Lane
from leadloop.platform import queries as platform
from leadloop.platform.contracts import Viewer
from leadloop.platform.roles import Capability, Scope

_COLUMNS = (
    "id", "portal_id", "portal__name", "received_at", "reason_code", "reason_text", "attempts", "import_run_id",
    "row_number", "content_type", "body", "corrected", "context",
)  # fmt: skip
_LONGEST_SHOWN = 20_000
_BALANCE = """
select portal_id, (received_at at time zone %s)::date as day, count(*),
       count(*) filter (where state = 'new'), count(*) filter (where state = 'joined'),
       count(*) filter (where state = 'other'), count(*) filter (where state = 'quarantined'),
       count(*) filter (where state = 'received'),
       count(*) filter (where state = 'quarantined' and reason_code = any(%s::text[]))
  from capture_submission
 where received_at >= (%s::date)::timestamp at time zone %s and received_at < (%s::date + 1)::timestamp at time zone %s
 group by portal_id, day
 order by day, portal_id
"""


def quarantined(
    *,
    viewer: Viewer,
    portal_id: int | None = None,
    code: str = "",
    inquiries: bool | None = None,
    before: int | None = None,
    limit: int = 50,
) -> list[QuarantineRow]:
    """What this viewer may see of the quarantine, newest first, `before` an id for the next page. One or two queries.

    Whoever has the quarantine only for themselves sees that of the portals they answer for. `inquiries` narrows to
    what may be one and waits for somebody (True), or to what is none (False: see NO_INQUIRIES).
    """
    rows = _aside(viewer, portal_id, code, inquiries).order_by("-id")
    if before is not None:
        rows = rows.filter(id__lt=before)
    return [_row(row) for row in rows.values_list(*_COLUMNS)[:limit]]


def quarantine_size(
    *, viewer: Viewer, portal_id: int | None = None, code: str = "", inquiries: bool | None = None
) -> int:
    """How many deliveries of the quarantine this viewer may see, as `quarantined` lists them. One or two queries."""
    return _aside(viewer, portal_id, code, inquiries).count()


def _aside(viewer: Viewer, portal_id: int | None, code: str, inquiries: bool | None) -> QuerySet[Submission]:  # noqa: FBT001 - a filter
    scope = viewer.scope(Capability.QUARANTINE, "see")
    if scope is Scope.NONE:
        return Submission.objects.none()
    rows = Submission.objects.filter(state=Submission.State.QUARANTINED)
    if scope is Scope.OWN:
        rows = rows.filter(portal__owner_id=viewer.user_id)
    elif scope is not Scope.ALL:
        rows = rows.filter(portal__owner_id__in=_owners_in(viewer.team_ids))
    if portal_id is not None:
        rows = rows.filter(portal_id=portal_id)
    if inquiries is not None:
        none = Q(reason_code__in=list(map(str, NO_INQUIRIES)))
        rows = rows.filter(~none if inquiries else none)
    return rows.filter(reason_code=code) if code else rows


def _owners_in(team_ids: frozenset[int]) -> list[int]:
    return [user.id for user in platform.users().values() if user.team_id in team_ids]


def delivery(submission_id: int) -> QuarantineRow:
    """One delivery whole, whatever became of it; NotFound when there is none. One query."""
    row = Submission.objects.filter(id=submission_id).values_list(*_COLUMNS).first()
    if row is None:
        raise NotFound(f"there is no delivery {submission_id}", field="delivery")
    return _row(row)


def waiting() -> int:
    """How many deliveries wait to be processed. One query."""
    return Submission.objects.filter(state=Submission.State.RECEIVED).count()


def waiting_since(lane: Lane) -> datetime | None:
    """When the oldest delivery came that isn't in the house yet; None where nothing waits. One query."""
    oldest = Submission.objects.filter(state=Submission.State.RECEIVED, lane=int(lane)).order_by("id")
    return oldest.values_list("received_at", flat=True).first()


def balance(*, first: date, last: date) -> list[BalanceRow]:
    """What came in and what became of it, by portal and day of the company's zone, both days included. Two queries."""
    zone = platform.company().zone
    with connection.cursor() as cursor:
        cursor.execute(_BALANCE, [zone, list(map(str, NO_INQUIRIES)), first, zone, last, zone])
        return [BalanceRow(*row) for row in cursor.fetchall()]


def _row(row: tuple[Any, ...]) -> QuarantineRow:
    named = dict(zip(QuarantineRow.__dataclass_fields__, row, strict=True))
    text = bytes(named["body"][: _LONGEST_SHOWN * 4]).decode("utf-8", "replace")
    return QuarantineRow(**named | {"body": text[:_LONGEST_SHOWN]})
