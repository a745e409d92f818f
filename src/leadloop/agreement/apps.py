"""Django registration of the room."""

from leadloop.ledger import room


class AgreementConfig(room.RoomConfig):
    name = "leadloop.agreement"
    label = "agreement"
