"""A history that is written at once is the one that the services would have written: one story told both ways.

Thirty leads in the ordinary run; `LEADLOOP_HISTORY_LEADS=2000 LEADLOOP_HISTORY_DAYS=548` tells a long one, which takes
an hour. What is not compared: ids, when rows were written, what became of letters after they were queued, and the
commands' way back.
"""

from __future__ import annotations

import os
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import connection

from leadloop.kernel import clock
from leadloop.leads.contracts import Tab
from leadloop.leads.queries import worklist
from leadloop.loop import check, reports
from leadloop.loop.simulator import Size, copying, simulate_large
from leadloop.loop.simulator.arrivals import decide
from leadloop.loop.simulator.company import FIRM, Demo
from leadloop.loop.simulator.house.around import look_around
from leadloop.loop.simulator.house.rows import Ids
from leadloop.loop.simulator.replaying import Retelling
from leadloop.loop.simulator.run import begin
from leadloop.loop.simulator.story import Step, Story
from leadloop.loop.simulator.truth import Truth
from leadloop.loop.tests.conftest import Database
from leadloop.platform.queries import viewer
from leadloop.tracking.contracts import Period
from leadloop.tracking.queries import follow_up, returns
from tests.support.standing import standing

END = datetime(2026, 3, 20, 14, 40, tzinfo=UTC)
LEADS = int(os.environ.get("LEADLOOP_HISTORY_LEADS", "30"))
DAYS = int(os.environ.get("LEADLOOP_HISTORY_DAYS", "60"))
SEED = int(os.environ.get("LEADLOOP_HISTORY_SEED", "5"))


def written_at_once(truth: Truth) -> tuple[Demo, list[Step]]:
    demo = begin(truth, LEADS, {})
    with clock.at(END):
        first = copying.next_ids()
        story = Story(truth, demo, look_around(), Ids(first), letters=True, keep=True)
        story.tell()
        copying.write(story.house)
        copying.move_sequences_on()
        copying.settle_routes()
    return demo, story.steps


def told_by_the_services(truth: Truth, steps: list[Step]) -> Demo:
    with connection.cursor() as cursor:
        cursor.execute("set synchronous_commit to off")
    demo = begin(truth, LEADS, {})
    Retelling(truth, demo, steps).tell()
    return demo


def seen(demo: Demo, truth: Truth) -> dict[str, Any]:
    """Everything that stands, and what people see of it."""
    period = Period(truth.start, END)
    with clock.at(END):
        lists = {
            key: [
                (row.person_id, row.interest_id, row.due_at)
                for row in worklist(viewer(demo.staff[key]), tab=Tab.ALL, limit=500, now=END).rows
            ]
            for key in demo.who.diligence
        }
        return {
            **standing(),
            "worklists": lists,
            "follow-up": [asdict(row) for row in follow_up(period)],
            "returns": [asdict(row) for row in returns(period, zone=FIRM.zone)],
            "loop and funnel": [
                reports.report(name, reports.last_days(DAYS, now=END), now=END) for name in ("loop", "funnel")
            ],
            "breaches": check.run(),
        }


def test_a_history_written_at_once_is_the_one_the_services_would_have_written(new_empty_db: Database) -> None:
    truth = decide(SEED, leads=LEADS, days=DAYS, end=END, zone=ZoneInfo(FIRM.zone))
    with new_empty_db():
        demo, steps = written_at_once(truth)
        at_once = seen(demo, truth)
    with new_empty_db():
        through_services = seen(told_by_the_services(truth, steps), truth)

    assert at_once["breaches"] == []
    assert {"accept", "log", "open_deal"} <= {step.verb for step in steps}
    for name, rows in through_services.items():
        assert at_once[name] == rows, name


def test_a_large_history_is_told_in_parts_and_copied(new_empty_db: Database) -> None:
    """Every copy has people, firms, leads and facts of its own, and all promises hold among all of them."""
    with new_empty_db():
        copies = simulate_large(seed=3, end=END, size=Size(leads=90, days=80), distinct=30)
        with clock.at(END):
            assert check.run() == []
        counts = standing_counts()
        with connection.cursor() as cursor:
            cursor.execute(
                "select count(*), count(distinct substr(domain, 1, length(domain) - length('.example'))), max(id),"
                " nextval('people_company_id_seq') from people_company"
            )
            companies, domains, last, drawn = cursor.fetchone()
            cursor.execute("select count(distinct md5(f.all)) from (" + _LIVES + ") f")
            (lives,) = cursor.fetchone()
    assert copies == 3
    assert all(count % 3 == 0 for count in counts.values()), counts
    assert companies == domains
    assert drawn > last
    assert lives == counts["leads_lead"] // 3  # each life is lived three times


_LIVES = """
select lead_id, string_agg(kind || happened_at || coalesce(reason, '') || coalesce(amount, 0), ',' order by id) as all
  from ledger_event where lead_id is not null group by lead_id
"""


def standing_counts() -> dict[str, int]:
    tables = ("people_person", "leads_lead", "leads_promise", "capture_submission", "selling_opportunity")
    with connection.cursor() as cursor:
        found = {}
        for table in tables:
            cursor.execute(f"select count(*) from {table}")
            ((found[table],),) = cursor.fetchall()
    return found
