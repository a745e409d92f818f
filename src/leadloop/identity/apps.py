"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class IdentityConfig(RoomConfig):
    name = "leadloop.identity"
    label = "identity"
