"""Django registration of the room."""

from leadloop.ledger import room


class PlatformConfig(room.RoomConfig):
    name = "leadloop.platform"
    label = "platform"
