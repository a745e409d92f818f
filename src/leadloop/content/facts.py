"""What is laid down about content."""

from __future__ import annotations

from leadloop.ledger.facts import Fact, fact


@fact("asset.added", "An asset was added to the library")
class AssetAdded(Fact):
    """Kept by a named person."""

    asset_id: int
    owner_id: int


@fact("template.saved", "A new version of a template was saved")
class TemplateSaved(Fact):
    """Earlier versions stay as they were."""

    template_key: str
    language: str
    version: int
