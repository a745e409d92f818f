"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class TrackingConfig(RoomConfig):
    name = "leadloop.tracking"
    label = "tracking"
