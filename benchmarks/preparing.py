"""Run as a benchmark that measures nothing: the salespeople of the benchmarks take the turns of a demo company."""

from __future__ import annotations

from benchmarks.company import LEAD, SETUP, settle
from benchmarks.p20_pages import SELLERS
from benchmarks.result import Result
from leadloop.distribution import services as routing
from leadloop.distribution.contracts import Rule
from leadloop.kernel import clock
from leadloop.platform.queries import user_by_email

POOL = "bench"


def measure() -> Result:
    """From now on every new lead goes to one of them."""
    company, lead, now = settle(SELLERS), user_by_email(LEAD), clock.now()
    assert lead is not None
    pool = routing.save_pool(key=POOL, name="Benchmark", keeper_id=lead.id, fallback_id=lead.id)
    for user_id in company.sellers:
        routing.save_member(pool_id=pool, user_id=user_id, now=now)
    routing.install(rules=[Rule(name="Everything", when=None, pool=POOL)], actor=SETUP, now=now)
    return Result("preparing", [])
