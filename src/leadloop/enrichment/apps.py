"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class EnrichmentConfig(RoomConfig):
    default = True  # the imported base is another candidate in this module
    name = "leadloop.enrichment"
    label = "enrichment"
