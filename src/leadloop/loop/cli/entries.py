"""The link that lets a user in once."""

from __future__ import annotations

from leadloop.platform.config import load
from leadloop.platform.services import entry_token


def entry_link(user_id: int) -> str:
    """Its address; good for three days, until the user signs in by whatever way."""
    return f"{load().public_url}/setup/enter/{user_id}/{entry_token(user_id)}"
