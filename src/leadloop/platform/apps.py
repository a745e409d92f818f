"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class PlatformConfig(RoomConfig):
    name = "leadloop.platform"
    label = "platform"
