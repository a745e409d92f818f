"""A house at work, for stories that need no more of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from leadloop.kernel import clock
from leadloop.loop import pump
from tests.stories.house import House, open_house
from tests.support.cast import Cast


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> Iterator[House]:
    """Monday at nine: everybody is here, and every route listens."""
    opened = open_house(cast)
    with clock.at(opened.now):
        pump.prepare()
        yield opened
