from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from leadloop.leads.tests.world import unsound
from leadloop.selling.services import install_pipeline
from leadloop.selling.tests.desk import Desk


@pytest.fixture
def desk(db: None, cast: Any) -> Iterator[Desk]:
    """Kim's desk on a Monday at ten. Whatever the story, promises and headlines agree, and so do deals and ledger."""
    install_pipeline()
    sales = Desk(cast)
    yield sales
    assert unsound() == []
    assert sales.unsound() == []
