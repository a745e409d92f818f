"""What crosses the door of `capture`."""

from leadloop.capture.contracts.portals import FLAG, HOLD, KINDS, SALES, PortalKind, PortalRow
from leadloop.capture.contracts.rows import BalanceRow, ImportRunRow, InquiryRow, QuarantineRow
from leadloop.capture.contracts.steps import (
    NO_INQUIRIES,
    Claimed,
    Code,
    Delivery,
    Outcome,
    Parsed,
    Received,
    Settled,
    Unreadable,
)

__all__ = [
    "FLAG",
    "HOLD",
    "KINDS",
    "NO_INQUIRIES",
    "SALES",
    "BalanceRow",
    "Claimed",
    "Code",
    "Delivery",
    "ImportRunRow",
    "InquiryRow",
    "Outcome",
    "Parsed",
    "PortalKind",
    "PortalRow",
    "QuarantineRow",
    "Received",
    "Settled",
    "Unreadable",
]
