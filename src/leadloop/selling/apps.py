"""Django registration of the room."""

from importlib import import_module

from leadloop.ledger.room import RoomConfig


class SellingConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.selling"
    label = "selling"

    def ready(self) -> None:
        super().ready()
        import_module("leadloop.selling.erasure")  # its store must be known before anybody is erased
