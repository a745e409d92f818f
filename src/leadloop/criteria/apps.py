"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class CriteriaConfig(RoomConfig):
    name = "leadloop.criteria"
    label = "criteria"
