"""History is enough: a database that holds only the ledger tells the same stages and the same funnel."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import psycopg

from leadloop.platform.database.testing import TestCluster
from leadloop.tracking.contracts import Period
from leadloop.tracking.queries import funnel, furthest_from_ledger, stages_from_ledger
from tests.support.plugin import own_database, point_at

ALWAYS = Period(datetime(2000, 1, 1, tzinfo=UTC), datetime.now(UTC) + timedelta(days=365))


def live_stages(url: str) -> dict[int, str]:
    with psycopg.connect(url) as session:
        return dict(session.execute("select id, stage from leads_lead").fetchall())


def test_an_empty_database_with_the_ledger_tells_the_same(demo_db: str, cluster: TestCluster) -> None:
    stages, steps = live_stages(demo_db), [step.leads for step in funnel(ALWAYS)]
    assert len(stages) > 30
    facts = _facts(demo_db)
    with own_database(cluster) as name:
        elsewhere = cluster.url("app", name)
        _pour(facts, elsewhere)
        point_at(elsewhere)
        assert live_stages(elsewhere) == {}
        assert stages_from_ledger() == stages
        furthest = furthest_from_ledger(ALWAYS)
        assert [sum(n for reached, n in furthest.items() if reached >= rank) for rank in range(7)] == steps
        point_at(demo_db)


COLUMNS = (
    "id, epoch, xid, kind, lane, happened_at, recorded_at, actor, person_id, company_id, lead_id, opportunity_id, "
    "programme_id, reason, agreement_version, amount, currency, base_amount, payload, cause_id, dedupe_key"
)


def _facts(url: str) -> bytes:
    with psycopg.connect(url) as session, session.cursor().copy(f"copy ledger_event ({COLUMNS}) to stdout") as out:
        return b"".join(bytes(part) for part in out)


def _pour(facts: bytes, url: str) -> None:
    with psycopg.connect(url) as session, session.cursor().copy(f"copy ledger_event ({COLUMNS}) from stdin") as into:
        into.write(facts)
