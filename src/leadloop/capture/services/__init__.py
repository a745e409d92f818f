"""The room's writes."""

from leadloop.capture.services.persons import give, move_person, read_again
from leadloop.capture.services.portals import PortalIn, new_token, save_portal
from leadloop.capture.services.processing import beside, claim, read, settle
from leadloop.capture.services.quarantine import quarantine, replay
from leadloop.capture.services.receive import delivery_key, receive

__all__ = [
    "PortalIn",
    "beside",
    "claim",
    "delivery_key",
    "give",
    "move_person",
    "new_token",
    "quarantine",
    "read",
    "read_again",
    "receive",
    "replay",
    "save_portal",
    "settle",
]
