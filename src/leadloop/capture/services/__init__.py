"""The room's writes."""

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
    "new_token",
    "quarantine",
    "read",
    "receive",
    "replay",
    "save_portal",
    "settle",
]
