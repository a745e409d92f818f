"""Mailboxes as pages show them, without their secrets."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from leadloop.capture.mailbox.contracts import MailboxRow, Way
from leadloop.capture.models import Mailbox

_COLUMNS = (
    "portal_id", "way", "host", "port", "tls", "login", "secret", "folder", "done_folder", "failures", "ok_at",
    "took_at", "error", "error_at", "next_at",
)  # fmt: skip


def mailboxes(portal_ids: Collection[int] | None = None) -> dict[int, MailboxRow]:
    """Mailboxes by portal, all of them or those of these portals. One query."""
    found = Mailbox.objects.order_by("portal_id")
    if portal_ids is not None:
        found = found.filter(portal_id__in=list(portal_ids))
    return {row[0]: _row(row) for row in found.values_list(*_COLUMNS)}


def mailbox(portal_id: int) -> MailboxRow | None:
    """The mailbox of a portal, None when none is set up. One query."""
    return mailboxes([portal_id]).get(portal_id)


def _row(row: tuple[Any, ...]) -> MailboxRow:
    named = dict(zip(_COLUMNS, row, strict=True))
    named["has_secret"] = bool(named.pop("secret"))
    return MailboxRow(**{**named, "way": Way(named["way"])})
