"""Files that people brought to be imported: kept below the home folder under a random name, gone when stored."""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import orjson
from django.conf import settings

from leadloop.kernel import ids
from leadloop.kernel.errors import NotFound

_NAME = re.compile(r"[A-Za-z0-9_-]{20,64}")
_PRIVATE = 0o700


def new_name() -> str:
    """A name that nobody can guess."""
    return ids.token(18)


def place(name: str) -> Path:
    """Where the file of this name is; NotFound for what is no such name, so that no path can be smuggled in."""
    if not _NAME.fullmatch(name):
        raise NotFound("There is no such file", mend="Upload it again")
    return _folder() / name


def note(name: str, about: dict[str, Any]) -> None:
    """Keep what is known about a file beside it."""
    _about(name).write_bytes(orjson.dumps(about))


def about(name: str) -> dict[str, Any]:
    """What was noted about a file. Raises NotFound when there is none, or none any more."""
    try:
        found: dict[str, Any] = orjson.loads(_about(name).read_bytes())
    except FileNotFoundError:
        raise NotFound("This file is not here any more", mend="Upload it again") from None
    return found


def tell(name: str, what: dict[str, Any]) -> None:
    """Keep what a job says of a file beside it, in place of what it said before."""
    place(name).with_suffix(".told").write_bytes(orjson.dumps(what))


def told(name: str) -> dict[str, Any]:
    """What a job has said of a file; empty before it said anything."""
    try:
        found: dict[str, Any] = orjson.loads(place(name).with_suffix(".told").read_bytes())
    except (FileNotFoundError, orjson.JSONDecodeError):  # it is just being written
        return {}
    return found


def remove(name: str) -> None:
    """Remove a file and what was noted about it; does nothing when it is gone."""
    for path in (place(name), _about(name), place(name).with_suffix(".told")):
        with suppress(FileNotFoundError):
            path.unlink()


def sweep(before: datetime) -> int:
    """Remove files that nobody has touched since; returns how many."""
    old = [path for path in _folder().iterdir() if path.stat().st_mtime < before.timestamp()]
    for path in old:
        with suppress(FileNotFoundError):
            path.unlink()
    return len(old)


def _about(name: str) -> Path:
    return place(name).with_suffix(".json")


def _folder() -> Path:
    folder = Path(settings.MEDIA_ROOT) / "imports"
    folder.mkdir(parents=True, exist_ok=True, mode=_PRIVATE)
    return folder
