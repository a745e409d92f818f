"""Open sets of records are taken apart as well as docs/benchmarks.md says, with the one configuration there is."""

from __future__ import annotations

import pytest

from leadloop.identity.batch.search import search
from leadloop.identity.batch.table import people_table
from tests.support.labelled import connected, judged, labelled, there


@pytest.mark.parametrize(("name", "least"), [("febrl3", 0.97), ("fake_1000", 0.90)])
def test_who_is_whom_is_found(name: str, least: float) -> None:
    if not there():
        pytest.skip("the shared test data is not beside this checkout")
    people, true = labelled(name)
    found = search(people_table(people)).suggested
    precision, recall, f1 = judged(connected([(one.person_a, one.person_b) for one in found], people), true)
    assert f1 >= least, (precision, recall)
    assert precision >= 0.98
