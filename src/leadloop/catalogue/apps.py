"""Django registration of the room."""

from leadloop.ledger.room import RoomConfig


class CatalogueConfig(RoomConfig):
    name = "leadloop.catalogue"
    label = "catalogue"
