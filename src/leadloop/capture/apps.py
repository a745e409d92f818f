"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class CaptureConfig(RoomConfig):
    name = "leadloop.capture"
    label = "capture"
