"""P20: whole pages for people who are signed in, over HTTP, against the bare SQL of each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlencode

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
from leadloop.loop.cli import signins
from leadloop.platform.config import load
from leadloop.platform.database.urls import addresses
from leadloop.platform.queries import installed

LEADS, SELLERS = 100_000, 50
VISITS, WARM, LOOKED_AT = 100, 10, 25  # pages timed, opened before, whose statements are run again
P95_BAR, QUERIES_BAR = 0.1, 12
PASSWORD = "a long way round the loop"  # of an installation that is thrown away


@dataclass(frozen=True)
class Who:
    """Somebody who signs in."""

    email: str
    password: str


@dataclass(frozen=True)
class Page:
    """A page, who opens it, and its addresses, another one at each visit."""

    name: str
    who: Who
    paths: Sequence[str]


def measure() -> Result:
    """See the module. In the company that stands, or in one that is brought in for it."""
    seller, head, names = _in_demo() if installed() else _brought_in()
    with psycopg.connect(addresses().owner, autocommit=True) as owner:
        owner.execute("vacuum analyze")
    pages = _pages(seller, head, names)
    with running("web"):
        rows = [_row(page) for page in pages]
    return Result("P20", rows, _notes(seller))


def _notes(seller: Who) -> list[str]:
    leads, theirs = _count("select count(*) from leads_lead"), len(_leads_of(seller, limit=None))
    return [
        f"Each page {VISITS} times over one connection to the real web process, {WARM} visits before to warm up;"
        f" another tab, filter, lead or name at each visit. {leads:,} leads, of which {theirs:,} are the salesperson's;"
        " the list and the search are those of the head of sales, who sees them all.",
        "Pages are timed until their last byte: session, rights, queries, rendering, transfer.",
        f"Bare SQL: the statements of {LOOKED_AT} of these visits, recorded and run again through psycopg with all"
        " their rows fetched; the ratio is between the medians.",
    ]


def _brought_in() -> tuple[Who, Who, list[str]]:
    """A salesperson, the head of sales, and names to look for."""
    settle(SELLERS, password=PASSWORD)
    with running("pump"):
        bring_in(LEADS, start=0)
    names = [f"{given} {family}" for given in GIVEN for family in FAMILY]
    return Who(seller(0), PASSWORD), Who(LEAD, PASSWORD), names


def _in_demo() -> tuple[Who, Who, list[str]]:
    """The same of a demo, whose sign-ins stand in its home."""
    kept = signins.read(load().home)
    assert kept is not None
    by_role = {one.role: Who(one.email, one.password) for one in kept.people}
    with connection.cursor() as cursor:
        cursor.execute(
            "select given_name || ' ' || family_name from people_person where family_name <> '' and given_name <> ''"
            " order by hashint8(id) limit %s",
            [VISITS],
        )
        names = [name for (name,) in cursor.fetchall()]
    return by_role["Salesperson"], by_role["Head of sales"], names


def _leads_of(who: Who, limit: int | None) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select l.id from leads_lead l join platform_user u on u.id = l.owner_id where u.email = %s"
            " order by l.id limit %s",
            [who.email, limit],
        )
        return [lead_id for (lead_id,) in cursor.fetchall()]


def _count(statement: str) -> int:
    with connection.cursor() as cursor:
        cursor.execute(statement)
        return int(cursor.fetchone()[0])


def _pages(seller: Who, head: Who, names: Sequence[str]) -> list[Page]:
    tabs = ("all", "late", "new", "today", "waiting")
    lists = ("", "?sort=due", "?sort=value", "?sort=engagement", "?stage=assigned", "?stage=assigned&sort=due")
    return [
        Page("worklist", seller, [f"/worklist?tab={tab}" for tab in tabs]),
        Page("list of leads", head, [f"/leads{query}" for query in lists]),
        Page("search", head, [f"/search?{urlencode({'q': name})}" for name in names]),
        Page("lead", seller, [f"/leads/{lead_id}" for lead_id in _leads_of(seller, VISITS)]),
    ]


def _row(page: Page) -> Row:
    visitor = Visitor(page.who.email, page.who.password)
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
    of_page(page.who.email, paths[0])  # imports and templates
    recorded = [of_page(page.who.email, path) for path in paths]
    for one in recorded:
        one.again()
    return [seconds(one.again) for one in recorded], [len(one.statements) for one in recorded]
