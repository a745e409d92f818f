"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class NurtureConfig(RoomConfig):
    name = "leadloop.nurture"
    label = "nurture"
