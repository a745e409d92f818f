"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class CaptureConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.capture"
    label = "capture"
