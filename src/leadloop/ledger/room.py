"""The one way a room registers with Django."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec

from django.apps import AppConfig


class RoomConfig(AppConfig):
    """Loads what a room publishes: its facts and its facets."""

    def ready(self) -> None:
        for published in ("facts", "facets"):
            if find_spec(f"{self.name}.{published}"):
                import_module(f"{self.name}.{published}")
