"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class LeadsConfig(RoomConfig):
    name = "leadloop.leads"
    label = "leads"
