"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class PeopleConfig(RoomConfig):
    name = "leadloop.people"
    label = "people"
