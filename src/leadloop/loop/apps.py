"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class LoopConfig(RoomConfig):
    name = "leadloop.loop"
    label = "loop"
