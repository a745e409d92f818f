"""The agreement is proposed, signed by those who lead, and in force from then on."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import psycopg
import pytest
from django.db import connection, transaction

from leadloop.agreement import cache, queries, services
from leadloop.agreement.models import Agreement
from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound, Refused, Unavailable
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.models import Event
from leadloop.platform import services as platform
from tests.support.cast import BEGIN, MONDAY

FASTER = {"promises": {"accept": {"minutes": 60}}}
LATER = MONDAY + timedelta(days=1)


@pytest.fixture(autouse=True)
def _nothing_remembered(monkeypatch):
    monkeypatch.setattr(cache, "_kept", None)


def propose(cast, **changes):
    return services.propose(**{"clauses": FASTER, "actor": by_user(cast.user["ines"]), "now": MONDAY, **changes})


def sign(cast, draft_id, name, capacity, now=LATER):
    return services.sign(draft_id=draft_id, capacity=capacity, actor=by_user(cast.user[name]), now=now)


def test_a_joint_agreement_is_in_force_once_both_heads_have_signed(db, cast):
    draft_id = propose(cast, note="Faster, please")
    assert sign(cast, draft_id, "grace", "head_of_sales") is None
    waiting = queries.draft(draft_id)
    assert [s.user_id for s in waiting.signatures] == [cast.user["grace"]]
    assert waiting.missing == ("head_of_marketing",)
    assert queries.in_force().version == 1

    assert sign(cast, draft_id, "paul", "head_of_marketing") == 2
    terms = queries.in_force()
    assert (terms.version, terms.in_force_from, terms.clauses.promises["accept"].minutes) == (2, LATER, 60)
    assert queries.drafts() == []
    assert [row.version for row in queries.history()] == [2, 1]
    assert queries.history()[0].note == "Faster, please"


def test_every_step_is_on_the_ledger(db, cast):
    draft_id = propose(cast)
    sign(cast, draft_id, "grace", "head_of_sales")
    sign(cast, draft_id, "paul", "head_of_marketing")
    facts = Event.objects.filter(kind__startswith="agreement.").order_by("id")
    assert [(f.kind, f.actor, f.agreement_version, f.payload["draft_id"]) for f in facts] == [
        ("agreement.drafted", f"user:{cast.user['ines']}", None, draft_id),
        ("agreement.signature", f"user:{cast.user['grace']}", None, draft_id),
        ("agreement.signature", f"user:{cast.user['paul']}", None, draft_id),
        ("agreement.signed", f"user:{cast.user['paul']}", 2, draft_id),
    ]


def test_signing_twice_changes_nothing(db, cast):
    draft_id = propose(cast)
    assert sign(cast, draft_id, "grace", "head_of_sales") is None
    assert sign(cast, draft_id, "grace", "head_of_sales") is None
    assert len(queries.draft(draft_id).signatures) == 1


def test_only_the_head_signs_as_the_head(db, cast):
    draft_id = propose(cast)
    with pytest.raises(Forbidden):
        sign(cast, draft_id, "kim", "head_of_sales")
    with pytest.raises(Forbidden):
        sign(cast, draft_id, "grace", "head_of_marketing")
    with pytest.raises(Forbidden):
        services.sign(draft_id=draft_id, capacity="head_of_sales", actor=by_system("intake"), now=LATER)
    assert queries.draft(draft_id).signatures == ()


def test_a_signature_that_is_not_asked_for_is_refused(db, cast):
    handover = propose(cast, leadership="sales")
    sign(cast, handover, "grace", "head_of_sales")
    assert sign(cast, handover, "paul", "head_of_marketing") == 2  # marketing led too, so it has its say once more
    draft_id = propose(cast, clauses={"reopen_days": 30})
    with pytest.raises(Refused):
        sign(cast, draft_id, "paul", "head_of_marketing")
    with pytest.raises(Refused):
        sign(cast, draft_id, "helen", "president")
    assert sign(cast, draft_id, "grace", "head_of_sales") == 3


def test_a_draft_that_was_overtaken_cannot_be_signed(db, cast):
    early, late = propose(cast), propose(cast, clauses={"reopen_days": 30})
    sign(cast, late, "grace", "head_of_sales")
    sign(cast, late, "paul", "head_of_marketing")
    assert queries.draft(early).outdated
    with pytest.raises(Conflict):
        sign(cast, early, "grace", "head_of_sales")
    with pytest.raises(Conflict):
        sign(cast, late, "grace", "head_of_sales")


def test_a_draft_without_changes_copies_the_text_in_force(db, cast):
    draft_id = propose(cast, clauses=None)
    assert queries.draft(draft_id).clauses == queries.in_force().clauses


def test_an_unsound_draft_is_refused_and_leaves_nothing(db, cast):
    with pytest.raises(Invalid) as caught:
        propose(cast, clauses={"stages": {"won": {"keeper_id": 0}}})
    assert caught.value.field == "stages.won.keeper_id"
    condition = {"all": [{"facet": "score.luck", "op": ">=", "value": 1}]}
    with pytest.raises(Invalid) as caught:
        propose(cast, clauses={"stages": {"qualified": {"enters_when": condition}}})
    assert caught.value.field == "stages.qualified.enters_when"
    assert "all[0].facet" in caught.value.problem
    assert queries.drafts() == []


def test_a_draft_whose_keeper_has_left_cannot_come_into_force(db, cast):
    draft_id = propose(cast, clauses={"stages": {"won": {"keeper_id": cast.user["dara"]}}})
    platform.deactivate_user(user_id=cast.user["dara"], owns={}, actor=by_user(cast.user["ada"]), now=MONDAY)
    with pytest.raises(Invalid) as caught:
        sign(cast, draft_id, "grace", "head_of_sales")
    assert caught.value.field == "stages.won.keeper_id"


def test_a_past_moment_is_read_from_history(db, cast):
    draft_id = propose(cast)
    sign(cast, draft_id, "grace", "head_of_sales")
    sign(cast, draft_id, "paul", "head_of_marketing")
    assert queries.in_force(LATER - timedelta(seconds=1)).version == 1
    assert queries.in_force(LATER).version == 2
    assert queries.in_force(BEGIN).version == 1
    with pytest.raises(NotFound):
        queries.in_force(BEGIN - timedelta(seconds=1))


def test_what_is_in_force_is_remembered_and_costs_no_query(db, cast, django_assert_num_queries, monkeypatch):
    seconds = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    first = queries.in_force()
    with django_assert_num_queries(0):
        assert queries.in_force() is first
    seconds[0] += 1.0
    with django_assert_num_queries(1):
        assert queries.in_force() is first


def test_a_version_that_may_still_be_taken_back_is_not_remembered(db, cast, django_assert_num_queries):
    draft_id = propose(cast)
    sign(cast, draft_id, "grace", "head_of_sales")
    sign(cast, draft_id, "paul", "head_of_marketing")
    for _ in range(2):
        with django_assert_num_queries(1):
            assert queries.in_force().version == 2


def test_the_first_text_is_installed_once(db, cast):
    text = queries.in_force().clauses
    with pytest.raises(Conflict):
        services.install(clauses=text, actor=by_system("install"), now=MONDAY)
    Agreement.objects.all().delete()
    cache.forget()
    with pytest.raises(Unavailable):
        queries.in_force()
    assert services.install(clauses=text, actor=by_system("install"), now=MONDAY) == 1
    assert queries.in_force().in_force_from == MONDAY
    assert queries.history()[0].drafted_by is None
    assert Event.objects.filter(kind="agreement.signed", agreement_version=1).count() == 1


def test_the_pages_cost_a_pinned_number_of_queries(db, cast, django_assert_num_queries):
    for _ in range(5):
        propose(cast)
    queries.in_force()
    with django_assert_num_queries(2):
        assert len(queries.drafts()) == 5
    with django_assert_num_queries(2):
        queries.history()


def test_another_process_sees_a_new_version_within_a_second(fresh_db, cast, monkeypatch):
    seconds = [100.0]
    monkeypatch.setattr(time, "monotonic", lambda: seconds[0])
    assert queries.in_force().version == 1
    with psycopg.connect(fresh_db) as elsewhere:
        elsewhere.execute(
            "insert into agreement_agreement (version, leadership, clauses, in_force_from)"
            " select 2, leadership, clauses, %s from agreement_agreement",
            [LATER],
        )
    assert queries.in_force().version == 1
    seconds[0] += 1.0
    assert queries.in_force().version == 2


def test_two_who_sign_at_once_make_one_version(fresh_db, cast):
    draft_id = propose(cast)

    def signing(who: tuple[str, str]) -> int | None:
        try:
            return sign(cast, draft_id, *who)
        finally:
            connection.close()

    with ThreadPoolExecutor(2) as pool:
        made = list(pool.map(signing, [("grace", "head_of_sales"), ("paul", "head_of_marketing")]))
    assert sorted(made, key=str) == [2, None]
    assert [row.version for row in queries.history()] == [2, 1]


def test_a_rolled_back_signature_leaves_no_trace(fresh_db, cast):
    with transaction.atomic():
        draft_id = propose(cast)
        sign(cast, draft_id, "grace", "head_of_sales")
        assert sign(cast, draft_id, "paul", "head_of_marketing") == 2
        assert queries.in_force().version == 2
        transaction.set_rollback(True)
    assert queries.in_force().version == 1
