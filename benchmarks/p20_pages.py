"""P20: whole pages for people who are signed in, at 100,000 leads, over HTTP, against the bare SQL of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import psycopg
from django.db import connection

from benchmarks.bringing import bring_in
from benchmarks.browser import Visitor
from benchmarks.company import LEAD, seller, settle
from benchmarks.inquirers import FAMILY, GIVEN
from benchmarks.processes import running
from benchmarks.result import Result, Row
from benchmarks.statements import of_page
from benchmarks.timing import median, percentile, seconds
from leadloop.platform.database.urls import addresses

LEADS, SELLERS = 100_000, 50
VISITS, WARM, LOOKED_AT = 100, 10, 25  # pages timed, opened before, whose statements are run again
P95_BAR, QUERIES_BAR = 0.1, 12
PASSWORD = "a long way round the loop"  # of an installation that is thrown away


@dataclass(frozen=True)
class Page:
    """A page, who opens it, and its addresses, another one at each visit."""

    name: str
    email: str
    paths: Sequence[str]


def measure() -> Result:
    """See the module."""
    settle(SELLERS, password=PASSWORD)
    with running("pump"):
        bring_in(LEADS, start=0)
    with psycopg.connect(addresses().owner, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    pages = _pages()
    with running("web"):
        rows = [_row(page) for page in pages]
    return Result("P20", rows, NOTES)


NOTES = [
    f"Each page {VISITS} times over one connection to the real web process, {WARM} visits before to warm up; another"
    f" tab, filter, lead or name at each visit. {SELLERS} salespeople have {LEADS // SELLERS:,} leads each; the list"
    " and the search are those of the head of sales, who sees them all.",
    "Pages are timed until their last byte: session, rights, queries, rendering, transfer.",
    f"Bare SQL: the statements of {LOOKED_AT} of these visits, recorded and run again through psycopg with all their"
    " rows fetched; the ratio is between the medians.",
]


def _pages() -> list[Page]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.id from leads_lead l join platform_user u on u.id = l.owner_id where u.email = %s"
            " order by l.id limit %s",
            [seller(0), VISITS],
        )
        ids = [lead_id for (lead_id,) in cursor.fetchall()]
    tabs = ("all", "late", "new", "today", "waiting")
    lists = ("", "?sort=due", "?sort=value", "?sort=engagement", "?stage=assigned", "?stage=assigned&sort=due")
    return [
        Page("worklist", seller(0), [f"/worklist?tab={tab}" for tab in tabs]),
        Page("list of leads", LEAD, [f"/leads{query}" for query in lists]),
        Page("search", LEAD, [f"/search?q={given}+{family}" for given in GIVEN for family in FAMILY]),
        Page("lead", seller(0), [f"/leads/{lead_id}" for lead_id in ids]),
    ]


def _row(page: Page) -> Row:
    visitor = Visitor(page.email, PASSWORD)
    visits = [page.paths[number % len(page.paths)] for number in range(VISITS)]
    for path in visits[:WARM]:
        visitor.open(path)
    taken = [visitor.open(path) for path in visits]
    bare, counts = _bare(page, visits[:LOOKED_AT])
    p95, most = percentile(taken, 95), max(counts)
    return Row(
        page.name,
        f"p95 {p95 * 1000:.0f} ms (p50 {median(taken) * 1000:.0f}), {most} queries",
        f"p95 {percentile(bare, 95) * 1000:.1f} ms (p50 {median(bare) * 1000:.1f}) for its SQL",
        f"{median(taken) / median(bare):.1f} ×",
        f"p95 ≤ {P95_BAR * 1000:.0f} ms, ≤ {QUERIES_BAR} queries",
        p95 <= P95_BAR and most <= QUERIES_BAR,
    )


def _bare(page: Page, paths: Sequence[str]) -> tuple[list[float], list[int]]:
    """Seconds and number of the statements behind these pages."""
    of_page(page.email, paths[0])  # imports and templates
    recorded = [of_page(page.email, path) for path in paths]
    for one in recorded:
        one.again()
    return [seconds(one.again) for one in recorded], [len(one.statements) for one in recorded]
