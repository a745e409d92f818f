from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from leadloop.leads.tests.world import World, unsound, world


@pytest.fixture
def office(db: None, cast: Any) -> Iterator[World]:
    """The company at work. Whatever the story, promises and headlines agree at its end."""
    yield world(cast)
    assert unsound() == []
