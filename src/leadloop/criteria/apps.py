"""Django registration of the room."""

from leadloop.ledger import room


class CriteriaConfig(room.RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.criteria"
    label = "criteria"
