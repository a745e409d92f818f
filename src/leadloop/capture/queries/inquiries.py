"""Raised hands, as pages of leads and persons show them."""

from __future__ import annotations

from collections.abc import Collection

from leadloop.capture.contracts import InquiryRow
from leadloop.capture.models import Inquiry

_COLUMNS = (
    "id", "portal_id", "portal__name", "kind", "person_id", "lead_id", "interest_id", "programme_id", "source_id",
    "happened_at", "received_at", "outcome", "message", "answers", "touch", "asset_id", "external_id", "place_id",
)  # fmt: skip


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


def inquiry(inquiry_id: int) -> InquiryRow | None:
    """One inquiry, None when the delivery has not become one. One query."""
    row = Inquiry.objects.filter(id=inquiry_id).values_list(*_COLUMNS).first()
    return InquiryRow(*row) if row else None


def in_places(user_ids: Collection[int], limit: int = 100) -> list[InquiryRow]:
    """Inquiries that are not about buying, at the people who look after them, newest first. One query."""
    rows = Inquiry.objects.filter(place_id__in=list(user_ids)).order_by("-happened_at", "-id")
    return [InquiryRow(*row) for row in rows.values_list(*_COLUMNS)[:limit]]
