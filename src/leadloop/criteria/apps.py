"""Django registration of the room."""

from leadloop.ledger import room


class CriteriaConfig(room.RoomConfig):
    name = "leadloop.criteria"
    label = "criteria"
