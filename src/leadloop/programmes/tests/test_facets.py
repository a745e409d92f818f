"""What other rooms may read of the cost book."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection

from leadloop.criteria.registry import facets
from leadloop.ledger.contracts import by_user
from leadloop.programmes import services
from leadloop.programmes.contracts import Allocation, Correction, CostKind, Spend
from leadloop.programmes.facets import COST
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db


def test_the_view_holds_every_line_of_the_book(cast: Any) -> None:
    by: dict[str, Any] = {"actor": by_user(cast.user["tomas"]), "now": MONDAY}
    day, ads = date(2026, 1, 15), cast.programme["ads"]
    own = Spend(minor=1000, currency="EUR", kind=CostKind.MEDIA, booked_on=day, programme_id=ads)
    shared = Spend(minor=700, currency="EUR", kind=CostKind.TOOL, booked_on=day, allocation=Allocation.EVENLY)
    [line, _] = services.spend(spends=[own, shared], **by)
    services.correct(corrections=[Correction(line, 400)], **by)
    names = ["programme_id", *(column.name for column in COST.columns)]
    with connection.cursor() as cursor:
        cursor.execute(f"select {', '.join(names)} from programmes_facet_cost order by cost_id")
        rows = cursor.fetchall()
    assert [(row[0], row[1], row[2]) for row in rows] == [
        (ads, "media", 1000),
        (None, "tool", 700),
        (ads, "media", -400),
    ]
    assert {facet.key for facet in facets("programme")} == {f"cost.{column.name}" for column in COST.columns}
