"""What was done elsewhere comes in with its time, once, and however much it is by as many statements."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.selling.contracts import ActivityKind, PastActivity
from leadloop.selling.queries import activities
from leadloop.selling.services import bring_in_activities
from tests.support.cast import MONDAY, Cast

IMPORT = by_system("import")


def done(cast: Cast, key: str, **changed: object) -> PastActivity:
    said = {
        "key": key, "lead_id": 1, "person_id": 1, "opportunity_id": None, "user_id": cast.user["kim"],
        "kind": ActivityKind.CALL, "outcome": "talked", "note": "Needs ten pumps", "minutes": 5,
        "happened_at": MONDAY - timedelta(days=400),
    }  # fmt: skip
    return PastActivity(**(said | changed))


def test_it_keeps_its_time_and_comes_once(db: None, cast: Cast) -> None:
    new = bring_in_activities([done(cast, "a"), done(cast, "b", kind=ActivityKind.NOTE, outcome="")], actor=IMPORT)
    assert sorted(new) == ["a", "b"]
    assert bring_in_activities([done(cast, "a")], actor=IMPORT) == {}
    with connection.cursor() as cursor:
        cursor.execute("select happened_at, payload ->> 'contacted' from ledger_event where kind = 'activity.logged'")
        assert [(at, said) for at, said in cursor.fetchall()] == [
            (MONDAY - timedelta(days=400), "true"),
            (MONDAY - timedelta(days=400), "false"),
        ]
    assert {row.happened_at for row in activities([1])[1]} == {MONDAY - timedelta(days=400)}


def test_an_end_that_its_kind_does_not_have_is_refused(db: None, cast: Cast) -> None:
    with pytest.raises(Invalid, match="does not end as held"):
        bring_in_activities([done(cast, "a", outcome="held")], actor=IMPORT)


def test_many_take_as_many_statements_as_one(db: None, cast: Cast) -> None:
    def statements(name: str, count: int) -> int:
        with CaptureQueriesContext(connection) as sent:
            bring_in_activities([done(cast, f"{name}{n}") for n in range(count)], actor=IMPORT)
        return len(sent)

    assert statements("one", 1) == statements("many", 300)
