"""The room's writes."""

from leadloop.capture.services.batches import drop_row, enter, enter_again, open_batch, release, rows_of, rows_of_file
from leadloop.capture.services.portals import PortalIn, new_token, save_portal
from leadloop.capture.services.processing import beside, claim, claim_these, read, settle
from leadloop.capture.services.quarantine import quarantine, replay
from leadloop.capture.services.receive import delivery_key, receive

__all__ = [
    "PortalIn",
    "beside",
    "claim",
    "claim_these",
    "delivery_key",
    "drop_row",
    "enter",
    "enter_again",
    "new_token",
    "open_batch",
    "quarantine",
    "read",
    "receive",
    "release",
    "replay",
    "rows_of",
    "rows_of_file",
    "save_portal",
    "settle",
]
