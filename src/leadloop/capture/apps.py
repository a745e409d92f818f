"""Django registration of the room."""

from importlib import import_module

from leadloop.ledger.room import RoomConfig


class CaptureConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.capture"
    label = "capture"

    def ready(self) -> None:
        """Load what every room publishes, and enter the room's stores where erasure finds them."""
        super().ready()
        import_module("leadloop.capture.erasure")
        import_module("leadloop.capture.visits.store")
