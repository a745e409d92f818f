"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class OutreachConfig(RoomConfig):
    name = "leadloop.outreach"
    label = "outreach"
