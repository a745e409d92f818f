"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class SellingConfig(RoomConfig):
    name = "leadloop.selling"
    label = "selling"
