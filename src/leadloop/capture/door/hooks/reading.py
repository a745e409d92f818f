"""Looking into a body as far as the door must: which events it holds, and what they are called."""

from __future__ import annotations

from typing import Any

import orjson


def loaded(body: bytes) -> Any:
    """Return the JSON of a body, None when it is none."""
    try:
        return orjson.loads(body)
    except orjson.JSONDecodeError:
        return None


def items(holder: dict[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects of a list under a name, none when there is no such list."""
    found = holder.get(name)
    return [one for one in found if isinstance(one, dict)] if isinstance(found, list) else []


def inside(holder: Any, *names: str) -> Any:
    """Return what stands under nested names, None when one of them is missing."""
    for name in names:
        holder = holder.get(name) if isinstance(holder, dict) else None
    return holder
