"""Addresses of static files that change with their content, without a collecting step."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage


class Versioned(StaticFilesStorage):
    """`/static/dist/app.css?v=…`: a browser may keep a file for good, and still gets the new one at once."""

    def url(self, name: str | None) -> str:
        found = finders.find(name) if name else None
        address = super().url(name)
        if not found or not isinstance(found, str):
            return address
        return f"{address}?v={_version(found, Path(found).stat().st_mtime_ns)}"


@lru_cache(maxsize=256)
def _version(path: str, _changed: int) -> str:
    return sha256(Path(path).read_bytes()).hexdigest()[:12]
