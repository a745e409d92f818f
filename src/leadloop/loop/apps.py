"""Django registration of the room."""

from importlib import import_module

from leadloop.ledger.room import RoomConfig


class LoopConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.loop"
    label = "loop"

    def ready(self) -> None:
        super().ready()
        import_module("leadloop.loop.erasure")  # its store must be known before anybody is erased
