"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class DistributionConfig(RoomConfig):
    name = "leadloop.distribution"
    label = "distribution"
