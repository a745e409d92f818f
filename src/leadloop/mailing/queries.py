"""Named reads of the room."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from django.db.models import Count

from leadloop.kernel.errors import NotFound
from leadloop.mailing.contracts import LeftOut, MailingRow, State
from leadloop.mailing.models import Mailing, Recipient

_ROW = (
    "id", "name", "segment_id", "template_key", "state", "made_by_id", "wanted", "left_out", "confirmed_by_id",
    "confirmed_at", "go_at", "stopped_by_id", "stopped_at",
)  # fmt: skip


def occasion(mailing_id: int) -> str:
    """The occasion of a mailing's letters in the outbox."""
    return f"mailing:{mailing_id}"


def mailings(limit: int = 100) -> list[MailingRow]:
    """The newest mailings. One query."""
    return [_row(row) for row in Mailing.objects.order_by("-id").values_list(*_ROW)[:limit]]


def mailings_by_id(ids: Collection[int]) -> dict[int, MailingRow]:
    """These mailings by id; unknown ids are left out. One query."""
    return {row[0]: _row(row) for row in Mailing.objects.filter(id__in=list(ids)).values_list(*_ROW)}


def mailing(mailing_id: int) -> MailingRow:
    """One mailing. Raises NotFound. One query."""
    row = Mailing.objects.filter(id=mailing_id).values_list(*_ROW).first()
    if row is None:
        raise missing(mailing_id)
    return _row(row)


def left_out(mailing_id: int) -> dict[str, int]:
    """How many get no letter, by the code of the reason. One query."""
    found = Recipient.objects.filter(mailing_id=mailing_id).exclude(reason="").values_list("reason")
    return dict(found.annotate(n=Count("id")).order_by("reason"))


def left_out_rows(mailing_id: int, reason: str, *, after: int = 0, limit: int = 50) -> list[LeftOut]:
    """Who gets no letter for this reason, behind the id `after`. One query."""
    found = Recipient.objects.filter(mailing_id=mailing_id, reason=reason, id__gt=after).order_by("id")
    return [LeftOut(*row) for row in found.values_list("id", "person_id", "lead_id", "reason")[:limit]]


def _row(row: tuple[Any, ...]) -> MailingRow:
    values = dict(zip(_ROW, row, strict=True))
    return MailingRow(**{**values, "state": State(values["state"])})


def missing(mailing_id: int) -> NotFound:
    """What is raised for a mailing that is not there."""
    return NotFound(f"There is no mailing {mailing_id}", field="mailing", mend="Choose one from the list")
