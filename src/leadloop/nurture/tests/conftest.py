from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from leadloop.leads.tests.world import unsound
from leadloop.nurture.tests.garden import Garden


@pytest.fixture
def garden(db: None, cast: Any) -> Iterator[Garden]:
    """Tomas looks after those who are not ready yet. Whatever the story, promises, headlines and journeys agree."""
    bed = Garden(cast)
    yield bed
    assert unsound() == []
    assert bed.unsound() == []
