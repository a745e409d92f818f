"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class AgreementConfig(RoomConfig):
    name = "leadloop.agreement"
    label = "agreement"
