"""Who can be asked about firms. One more is a module here and an entry in PROVIDERS: see `contracts.Provider`."""

from __future__ import annotations

from collections.abc import Sequence

from leadloop.enrichment.contracts import Provider
from leadloop.enrichment.providers.own_files import OwnFiles

PROVIDERS: Sequence[Provider] = (OwnFiles(),)
