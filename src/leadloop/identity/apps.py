"""Django registration of the room."""

from importlib import import_module

from leadloop.ledger.room import RoomConfig


class IdentityConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.identity"
    label = "identity"

    def ready(self) -> None:
        super().ready()
        import_module(f"{self.name}.erasure")
