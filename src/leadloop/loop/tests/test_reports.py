"""Reports name people and programmes, and their rows fit their columns."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

import pytest

from leadloop.capture.queries import portal
from leadloop.capture.services import receive
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.leads.queries import worklist
from leadloop.loop import commands, pump, reports
from leadloop.loop.tests.test_install import FIRM, PEOPLE, READY, SQUADS, install
from leadloop.platform.queries import viewer
from leadloop.selling.contracts import ActivityIn, ActivityKind

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def a_lead_that_was_called() -> None:
    installed = install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    kim = viewer(installed.users["kim@alder-finch.example"])
    receive(portal=portal("web-form"), body=json.dumps(READY).encode(), now=MONDAY)
    with clock.at(MONDAY):
        pump.prepare()
        pump.drain()
        (lead,) = worklist(kim, now=MONDAY).rows
    later = MONDAY + timedelta(hours=1)
    commands.accept(kim, [lead.id], now=later)
    call = ActivityIn(
        lead_id=lead.id,
        kind=ActivityKind.CALL,
        outcome="talked",
        next_step_at=later + timedelta(days=2),
        next_step_note="Visit",
    )
    commands.log(kim, call, now=later)


def rows(name: str) -> list[dict[str, object]]:
    now = MONDAY + timedelta(hours=2)
    found = reports.report(name, reports.last_days(7, now=now), now=now)
    for row in found.rows:
        assert set(row) == {column.key for column in found.columns}
    return [dict(row) for row in found.rows]


def test_one_called_lead_shows_in_every_report(empty_db: str) -> None:
    a_lead_that_was_called()
    steps = {row["step"]: row["leads"] for row in rows("funnel")}
    assert (steps["Leads opened"], steps["In contact (SQL)"], steps["Opportunity"]) == (1, 1, 0)
    selling = next(row for row in rows("loop") if row["part"] == "Selling")
    assert (selling["keeper"], selling["open"], selling["late"]) == ("Grace Oyelaran", 1, 0)
    assert selling["promise"] == "Next step within 40 working hours"
    everybody, kim = rows("follow-up")
    assert (everybody["who"], everybody["followed_up"]) == ("Everybody", 1.0)
    assert (kim["who"], kim["half_within"]) == ("Kim Maurer", 3600)
    (line,) = rows("returns")
    assert (line["programme"], line["inquiries"], line["roi"]) == (reports.NOBODY, 1, None)


def test_a_report_that_is_not_there_is_answered_with_those_that_are(empty_db: str) -> None:
    install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    with pytest.raises(NotFound, match="loop, funnel, follow-up, returns"):
        rows("weather")


def test_days_are_those_of_the_companys_calendar(empty_db: str) -> None:
    install(FIRM, PEOPLE, squads=SQUADS, now=MONDAY)
    period = reports.last_days(1, now=datetime(2026, 3, 2, 23, 30, tzinfo=UTC))  # half past midnight in Berlin
    assert period.start == datetime(2026, 3, 2, 23, 0, tzinfo=UTC)
