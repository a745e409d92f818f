"""Raised hands, as pages of leads and persons show them."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.capture.contracts import InquiryRow
from leadloop.capture.models import Inquiry
from leadloop.ledger.reads import Read

_COLUMNS = (
    "id", "portal_id", "portal__name", "kind", "person_id", "lead_id", "interest_id", "programme_id", "source_id",
    "happened_at", "received_at", "outcome", "message", "answers", "touch", "asset_id", "external_id", "place_id",
)  # fmt: skip
_OF_LEADS = f"""
select {", ".join("p.name" if name == "portal__name" else f"i.{name}" for name in _COLUMNS)}
  from capture_inquiry i join capture_portal p on p.id = i.portal_id
 where i.lead_id = any(%s::bigint[]) order by i.happened_at desc, i.id desc
"""


def inquiries(
    lead_ids: Collection[int] | None = None,
    *,
    person_ids: Collection[int] | None = None,
    ids: Collection[int] | None = None,
) -> list[InquiryRow]:
    """The inquiries of these leads, of these persons, or with these ids, newest first. One query."""
    rows = Inquiry.objects.order_by("-happened_at", "-id")
    if ids is not None:
        rows = rows.filter(id__in=list(ids))
    if lead_ids is not None:
        rows = rows.filter(lead_id__in=list(lead_ids))
    if person_ids is not None:
        rows = rows.filter(person_id__in=list(person_ids))
    return [InquiryRow(*row) for row in rows.values_list(*_COLUMNS)]


def inquiries_read(lead_ids: Collection[int]) -> Read[list[InquiryRow]]:
    """What `inquiries` asks of leads, to be asked together with others."""
    return Read(_OF_LEADS, [list(lead_ids)], lambda rows: [InquiryRow(*row) for row in rows])


def inquiry(inquiry_id: int) -> InquiryRow | None:
    """One inquiry, None when the delivery has not become one. One query."""
    row = Inquiry.objects.filter(id=inquiry_id).values_list(*_COLUMNS).first()
    return InquiryRow(*row) if row else None


def in_places(user_ids: Collection[int], limit: int = 100) -> list[InquiryRow]:
    """Inquiries that are not about buying, at the people who look after them, newest first. One query."""
    rows = Inquiry.objects.filter(place_id__in=list(user_ids)).order_by("-happened_at", "-id")
    return [InquiryRow(*row) for row in rows.values_list(*_COLUMNS)[:limit]]
