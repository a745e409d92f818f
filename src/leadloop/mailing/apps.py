"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class MailingConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.mailing"
    label = "mailing"
