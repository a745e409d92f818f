"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class NurtureConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.nurture"
    label = "nurture"
