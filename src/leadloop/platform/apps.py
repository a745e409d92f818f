"""Django registration of the room."""

from leadloop.ledger import room


class PlatformConfig(room.RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.platform"
    label = "platform"
