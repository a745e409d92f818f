"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class FrontConfig(RoomConfig):
    name = "leadloop.front"
    label = "front"
