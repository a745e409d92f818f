"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class QualificationConfig(RoomConfig):
    name = "leadloop.qualification"
    label = "qualification"
