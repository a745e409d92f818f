"""`leadloop check` sees every promise that is broken, names the row, and finds nothing where all are kept."""

from __future__ import annotations

import psycopg
import pytest

from leadloop.loop import check
from leadloop.platform.database.testing import TestCluster
from tests.stories.house import House, open_house
from tests.stories.test_first_round import DANA
from tests.support.cast import Cast

# What somebody with all rights and no care could do, and the promise it breaks.
BREAKS = [
    (1, "a settled delivery without its inquiry", "delete from capture_inquiry"),
    (1, "an inquiry whose delivery tells another story", "update capture_inquiry set outcome = 'joined'"),
    (1, "an inquiry about buying without a lead", "update capture_inquiry set lead_id = null"),
    (1, "an inquiry counted twice", "delete from ledger_event where kind = 'inquiry.received'"),
    (1, "a delivery that nobody took in",
     "update capture_submission set state = 'received', settled_at = null, received_at = now() - interval '1 day'"),
    (1, "a lead that a platform told of and nobody asked for",
     "update capture_submission set state = 'received', lane = 2, settled_at = null,"
     " received_at = now() - interval '5 days'"),
    (2, "an alias that leads to another alias",
     "insert into identity_alias (old_id, survivor_id) values (900, 901), (901, 902)"),
    (2, "a lead that still hangs on a merged person",
     "insert into identity_alias (old_id, survivor_id) select person_id, 999 from leads_lead"),
    (2, "an inquiry that still hangs on a merged person",
     "insert into identity_alias (old_id, survivor_id) select person_id, 999 from leads_lead"),
    (2, "a deal that still hangs on a merged person",
     "insert into identity_alias (old_id, survivor_id) values (900, 901); insert into selling_opportunity (name,"
     " person_id, owner_id, stage_id, stage_since, minor, currency, close_on, opened_at, next_step, next_step_at)"
     " select 'Deal', 900, 1, id, now(), 100, 'EUR', current_date, now(), 'Offer', now() from selling_pipelinestage"
     " limit 1"),
    (2, "an old id that no standing merge made",
     "insert into identity_alias (old_id, survivor_id) values (900, 901)"),
    (3, "an open lead whose owner does not work here", "update platform_user set is_active = false"),
    (3, "an offer to somebody who does not own the lead", "update distribution_assignment set user_id = 1"),
    (4, "an open lead without a promise", "delete from leads_promise"),
    (4, "a headline that is not the earliest promise", "update leads_lead set due_at = due_at + interval '1 hour'"),
    (5, "a lead without its opening fact", "delete from ledger_event where kind = 'lead.opened'"),
    (5, "a stage that the ledger does not know", "update leads_lead set stage = 'working'"),
    (5, "an owner that the ledger does not know", "update leads_lead set owner_id = 1"),
    (6, "a closed lead without a reason",
     "alter table leads_lead drop constraint lead_closed_has_reason;"
     " update leads_lead set stage = 'lost', due_at = null, due_kind = ''"),
    (7, "a message that went out without being let go",
     "update outreach_message set state = 'sent', fence = 1, admitted_at = null, sent_at = now()"),
    (7, "a message recorded as sent twice",
     "update outreach_message set fence = 1, state = 'sent', admitted_at = now(), begun_at = now(),"
     " sent_at = now()"),
    (7, "marketing after consent was withdrawn",
     "insert into people_consent (person_id, channel, purpose, state, at) select person_id, channel, 'marketing',"
     " 'withdrawn', now() - interval '1 hour' from outreach_message where person_id is not null;"
     " update outreach_message set purpose = 'marketing', fence = 1, state = 'sent', begun_at = now(),"
     " sent_at = now()"),
    (8, "a cost that the ledger tells otherwise",
     "insert into programmes_cost (programme_id, kind, minor, currency, base_minor, booked_on)"
     " select id, 'media', 100, 'EUR', 100, current_date from programmes_programme limit 1"),
    (8, "a won deal that the ledger does not know as won",
     "insert into selling_opportunity (name, owner_id, stage_id, stage_since, state, minor, currency, base_minor,"
     " close_on, opened_at, closed_at, close_reason) select 'Made up', 1, id, now(), 'won', 100, 'EUR', 100,"
     " current_date, now(), now(), 'bought' from selling_pipelinestage limit 1"),
    (10, "an inquiry without a reason why it is this person", "delete from identity_matchdecision"),
    (10, "a hand-over without its decision", "update distribution_assignment set log = '[]'"),
    (10, "a grade without its reasons", "update qualification_assessment set fit_reasons = '[]'"),
]  # fmt: skip


@pytest.fixture
def house(fresh_db: str, cast: Cast) -> House:
    opened = open_house(cast)
    opened.inquire(**DANA)
    opened.run()
    assert opened.breaches() == []
    return opened


def test_every_broken_promise_is_seen(house: House, fresh_db: str, cluster: TestCluster) -> None:
    admin = cluster.url("superuser", psycopg.conninfo.conninfo_to_dict(fresh_db)["dbname"])
    unseen = []
    for promise, name, statement in BREAKS:
        with psycopg.connect(admin) as session:
            session.execute("set session_replication_role = replica")  # past constraints' triggers and ours
            session.execute(statement)
            found = {(c.promise, c.name) for c in check.CHECKS if session.execute(c.sql, [20]).fetchall()}
            if (promise, name) not in found:
                unseen.append(name)
            session.rollback()
    assert unseen == []
    assert house.breaches() == []


def test_each_promise_that_can_be_checked_by_sql_has_checks() -> None:
    assert {one.promise for one in check.CHECKS} == {1, 2, 3, 4, 5, 6, 7, 8, 10}
    assert len({one.name for one in check.CHECKS}) == len(check.CHECKS)
