"""The key registry as the server reads it; the browser reads the same file."""

import json
from functools import cache
from pathlib import Path

KEYMAP = Path(__file__).resolve().parent / "assets" / "keymap.json"


@cache
def keys() -> dict[str, str]:
    """Action id to its keys, for example "done" to "Shift+E"."""
    return {action["id"]: action["keys"] for action in json.loads(KEYMAP.read_text("utf-8"))}


def caps(action: str) -> list[str]:
    """The caps of an action as people read them: ["⇧E"], ["Ctrl", "K"]. KeyError for an unknown action."""
    written = keys()[action].replace("Mod+", "Ctrl ").replace("Shift+", "⇧").replace("Arrow", "")
    return written.split(" ")
