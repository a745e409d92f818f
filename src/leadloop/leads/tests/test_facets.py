"""What others read of leads."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection

from leadloop.criteria.compile import matching
from leadloop.criteria.registry import facets
from leadloop.leads.contracts import Stage
from leadloop.leads.facets import LEAD, PROMISE, STAGE_ENTRY
from leadloop.leads.services import break_due, keep, restore, snapshot, stamped
from leadloop.leads.tests.world import DAY, World


def entries(lead_id: int) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(
            "select stage, before, entered_at, agreement_version from leads_facet_stage_entry "
            "where lead_id = %s order by entered_at, event_id",
            [lead_id],
        )
        return cursor.fetchall()


@pytest.mark.parametrize("view", [LEAD, PROMISE, STAGE_ENTRY])
def test_the_views_have_the_columns_they_declare(office: World, view: Any) -> None:
    with connection.cursor() as cursor:
        cursor.execute(f"select * from {view.view} limit 0")
        columns = {column.name for column in cursor.description}
    assert {view.key, *(column.name for column in view.columns)} <= columns


def test_every_facet_of_a_lead_can_be_asked_for(office: World) -> None:
    lead = office.lead_in(Stage.WORKING)
    own = [one for one in facets("lead") if one.key.split(".")[0] in ("lead", "promise", "stage_entry")]
    assert len(own) == len(LEAD.columns) + len(PROMISE.columns) + len(STAGE_ENTRY.columns)
    for one in own:
        op = "is" if one.type == "boolean" else "is_set"
        ast = {"facet": one.key, "op": op, **({"value": True} if op == "is" else {})}
        assert matching(ast, "lead", [lead.id], office.now) <= {lead.id}


def test_a_lead_enters_each_stage_once(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    begun = office.now
    office.later(hours=1)
    office.move(lead.id, Stage.QUALIFIED)

    assert entries(lead.id) == [("inquiry", "", begun, 1), ("qualified", "inquiry", office.now, 1)]


def test_a_step_that_was_taken_back_is_no_step(office: World) -> None:
    lead = office.lead_in(Stage.ASSIGNED)
    before = entries(lead.id)
    taken = snapshot([lead.id])
    office.later(hours=1)
    office.move(lead.id, Stage.ACCEPTED)
    restore(stamped(taken), verb="accept", actor=office.by("kim"), now=office.now)
    assert entries(lead.id) == before

    office.later(hours=1)
    office.move(lead.id, Stage.ACCEPTED)
    assert [stage for stage, *_ in entries(lead.id)] == ["inquiry", "qualified", "assigned", "accepted"]


def test_history_entered_when_it_happened(office: World) -> None:
    (dana,) = office.people(1)
    raised, ended = office.now - 40 * DAY, office.now - 30 * DAY
    lead_id = office.raise_hand(dana, closed_as=Stage.WON, happened_at=raised, closed_at=ended).lead_id
    assert entries(lead_id) == [("inquiry", "", raised, 1), ("won", "inquiry", ended, 1)]


def test_the_ledger_alone_tells_the_stage_and_owner_of_every_lead(office: World) -> None:
    leads = [office.lead_in(stage) for stage in (Stage.INQUIRY, Stage.NURTURING, Stage.WORKING, Stage.OPPORTUNITY)]
    office.move(leads[2].id, Stage.NURTURING, reason="not_now")
    office.move(leads[3].id, Stage.WON, reason="bought")
    taken = snapshot([leads[3].id])
    office.move(leads[3].id, Stage.OPPORTUNITY)
    restore(stamped(taken), verb="reopen", actor=office.by("kim"), now=office.now)
    with connection.cursor() as cursor:
        cursor.execute(
            """
            with told as (
                select distinct on (lead_id) lead_id, coalesce(payload ->> 'after', payload ->> 'stage') as stage,
                       (payload ->> 'owner_id')::bigint as owner_id
                  from ledger_event where kind in ('lead.opened', 'lead.moved', 'lead.owned') order by lead_id, id desc
            )
            select count(*), count(*) filter (where (l.stage, l.owner_id) is distinct from (t.stage, t.owner_id))
              from leads_lead l left join told t on t.lead_id = l.id
            """
        )
        assert cursor.fetchone() == (4, 0)


def test_a_promise_kept_late_says_by_how_much(office: World) -> None:
    lead = office.lead_in(Stage.INQUIRY)
    office.now = lead.due_at + DAY
    break_due(100, now=office.now)
    keep([(lead.id, "reply", "message:1")], actor=office.by("mira"), now=office.now)
    with connection.cursor() as cursor:
        cursor.execute(
            "select kind, state, is_broken, late_seconds from leads_facet_promise where lead_id = %s order by kind",
            [lead.id],
        )
        assert cursor.fetchall() == [("qualify", "running", True, None), ("reply", "kept", True, 86_400)]
