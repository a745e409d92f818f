"""Django registration of the room."""

from importlib import import_module

from leadloop.ledger.room import RoomConfig


class DistributionConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.distribution"
    label = "distribution"

    def ready(self) -> None:
        super().ready()
        import_module("leadloop.distribution.erasure")  # its store must be known before anybody is erased
