"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class LedgerConfig(RoomConfig):
    name = "leadloop.ledger"
    label = "ledger"
