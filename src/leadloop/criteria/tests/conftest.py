"""The zoo stands for one test's time."""

from __future__ import annotations

import pytest

from leadloop.criteria.tests import zoo


@pytest.fixture
def open_zoo(db: None) -> None:
    zoo.build()
