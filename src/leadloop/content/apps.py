"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class ContentConfig(RoomConfig):
    name = "leadloop.content"
    label = "content"
