"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class ProgrammesConfig(RoomConfig):
    name = "leadloop.programmes"
    label = "programmes"
