"""P5: 10,000 leads handed to 50 salespeople by rules, turns and caps: statements a lead, time, and who got how many."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from django.db import connection

from benchmarks.bringing import handed_over, store
from benchmarks.company import LEAD, SETUP, settle
from benchmarks.inquirers import write_csv
from benchmarks.result import Result, Row
from benchmarks.timing import RUNS, median, seconds, spread
from leadloop.distribution import services as routing
from leadloop.distribution.contracts import Rule
from leadloop.kernel import clock
from leadloop.ledger.contracts import Lane
from leadloop.ledger.reader import advance
from leadloop.loop import intake
from leadloop.loop.room import BATCH
from leadloop.loop.routes import ROUTES
from leadloop.platform.queries import user_by_email

COUNT, SELLERS = 10_000, 50
FIRST = 8_000_000  # nobody whom another benchmark on the same database brought in
CAP, CAPPED = 100, 5  # leads a day, people of the last pool who take no more
QUERIES_BAR, OPEN_SYSTEM = 0.05, 7.5
POOLS = ("machinery", "chiefs", "rest")
RULES = (
    Rule(name="Machinery", when={"facet": "company.industry", "op": "=", "value": "Machinery"}, pool=POOLS[0]),
    Rule(name="Chiefs", when={"facet": "person.title", "op": "contains", "value": "Head"}, pool=POOLS[1]),
    Rule(name="Everything else", when=None, pool=POOLS[2]),
)
RAW = "update raw_lead set owner_id = %s, stage = 'assigned', due_at = now() + interval '4 hours' where id = %s"


def measure() -> Result:
    """See the module."""
    pools = _share_out(settle(SELLERS).sellers)
    _raw_table()
    times, raw, statements, apart = [], [], [], []
    for run in range(RUNS):
        _bring_in(FIRST + run * COUNT)
        before = _taken(pools)
        counted = _Counter()
        with connection.execute_wrapper(counted):
            times.append(seconds(_hand_over))
        statements.append(counted.count / COUNT)
        apart.append(_unfairness(before, _taken(pools)))
        raw.append(seconds(_one_by_one))
        _next_day()
    return Result("P5", _rows(times, raw, statements, apart), NOTES)


NOTES = [
    f"Median of {RUNS} batches of {COUNT:,} leads for {SELLERS} people, each with people not known before; the"
    " database was warmed by bringing them in, the first batch counts. Three rules, two of which ask for a firm's"
    f" industry and a person's title; three pools; {CAPPED} people take at most {CAP} leads a day.",
    "Ours: the hand-over route in one process, as the pump runs it for leads that intake did not hand over: rules,"
    " turns and caps under a lock, leads moved, promises made, decision logs and facts written. All statements are"
    " counted, also for the ledger's position.",
    "Against: 10,000 UPDATEs by primary key on a bare table, in one transaction: what one statement a lead"
    " costs at the very least.",
    f"The best known open system takes {OPEN_SYSTEM} statements a lead.",
    "Fairness: most minus least turns of equally entitled people of one pool, those at their cap apart.",
]


def _rows(times: Sequence[float], raw: Sequence[float], statements: Sequence[float], apart: Sequence[int]) -> list[Row]:
    return [
        Row(
            "statements a lead",
            f"{max(statements):.4f}",
            f"{OPEN_SYSTEM} in an open system",
            f"{OPEN_SYSTEM / max(statements):,.0f} × fewer",
            f"≤ {QUERIES_BAR}",
            max(statements) <= QUERIES_BAR,
        ),
        Row(
            f"seconds for {COUNT:,} leads",
            f"{median(times):.2f} ({spread(times, '.2f')})",
            f"{median(raw):.2f} for bare UPDATEs",
            f"{median(times) / median(raw):.1f} ×",
            "shown (aim ≤ 1 s)",
            met=True,
        ),
        Row("leads between most and least served", f"{max(apart)}", "1 at best", "—", "≤ 1", max(apart) <= 1),
    ]


def _share_out(sellers: Sequence[int]) -> dict[str, int]:
    now = clock.now()
    lead = user_by_email(LEAD)
    assert lead is not None
    pools = {
        key: routing.save_pool(key=key, name=key.capitalize(), keeper_id=lead.id, fallback_id=lead.id) for key in POOLS
    }
    for place, user_id in enumerate(sellers):
        cap = CAP if place >= SELLERS - CAPPED else None
        key = POOLS[2] if cap else POOLS[place % len(POOLS)]
        routing.save_member(pool_id=pools[key], user_id=user_id, daily_cap=cap, now=now)
    routing.install(rules=RULES, actor=SETUP, now=now)
    return pools


def _bring_in(start: int) -> None:
    """As far as the lead; nothing is handed over yet."""
    with TemporaryDirectory() as scratch:
        path = Path(scratch) / "inquirers.csv"
        write_csv(path, COUNT, start=start)
        store(path)
    steps, intake.STEPS = intake.STEPS, tuple(step for step in intake.STEPS if step is not intake.hand_over)
    try:
        while intake.take(Lane.BULK, limit=BATCH[Lane.BULK]):
            pass
    finally:
        intake.STEPS = steps


def _hand_over() -> None:
    route = next(route for route in ROUTES if route.name == "hand-over")
    wanted = handed_over() + COUNT
    while advance(route.name, lane=Lane.BULK, kinds=route.kinds, handler=route.handle, limit=BATCH[Lane.BULK]):
        pass
    if handed_over() != wanted:
        raise RuntimeError(f"{wanted - handed_over():,} leads were not handed over")


class _Counter:
    """Counts statements."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self, execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any) -> Any:  # noqa: FBT001  # Django's form
        self.count += 1
        return execute(sql, params, many, context)


def _taken(pools: dict[str, int]) -> dict[tuple[int, int | None], dict[int, int]]:
    """Turns by pool and cap, then by person."""
    with connection.cursor() as cursor:
        cursor.execute(
            "select pool_id, daily_cap, user_id, taken from distribution_member where pool_id = any(%s)",
            [list(pools.values())],
        )
        found: dict[tuple[int, int | None], dict[int, int]] = {}
        for pool_id, cap, user_id, taken in cursor.fetchall():
            found.setdefault((pool_id, cap), {})[user_id] = taken
        return found


def _unfairness(
    before: dict[tuple[int, int | None], dict[int, int]], after: dict[tuple[int, int | None], dict[int, int]]
) -> int:
    """The widest gap between people of a pool without a cap; raises RuntimeError where a cap was not kept."""
    widest = 0
    for (pool_id, cap), turns in after.items():
        given = [taken - before[pool_id, cap][user_id] for user_id, taken in turns.items()]
        if cap is None:
            widest = max(widest, max(given) - min(given))
        elif max(given) > cap:
            raise RuntimeError(f"somebody took {max(given)} leads, {cap} are the most")
    return widest


def _next_day() -> None:
    """Forget today's turns, so that every batch meets the same caps; nobody can wait for midnight here."""
    with connection.cursor() as cursor:
        cursor.execute("update distribution_member set taken_today = 0")


def _raw_table() -> None:
    with connection.cursor() as cursor:
        cursor.execute("create temp table raw_lead (id int primary key, owner_id int, stage text, due_at timestamptz)")
        cursor.execute("insert into raw_lead (id) select generate_series(1, %s)", [COUNT])


def _one_by_one() -> None:
    connection.ensure_connection()
    raw = connection.connection
    with raw.transaction(), raw.cursor() as cursor:
        for number in range(COUNT):
            cursor.execute(RAW, [number % SELLERS, number + 1])
