"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class QualificationConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.qualification"
    label = "qualification"
