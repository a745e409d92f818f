"""What people say of the months to come, and the forecasts that are kept: they add up, and stay as they were."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import numpy as np
import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from leadloop.catalogue.contracts import NewProduct, NewTerm
from leadloop.catalogue.services import add_product, add_term
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.models import Rate
from leadloop.selling import services as selling
from leadloop.selling.contracts import PastDeal, State
from leadloop.tracking.forecast import queries, rules
from leadloop.tracking.forecast.history import standing
from leadloop.tracking.forecast.loading import Column, load
from leadloop.tracking.forecast.models import Adjustment, Snapshot
from leadloop.tracking.forecast.services import PlanIn, SubmissionIn, adjust, plan, submit
from leadloop.tracking.forecast.taking import take
from tests.support.cast import Cast

NOW = datetime(2026, 3, 10, 9, 0, tzinfo=UTC)
MARCH, APRIL = date(2026, 3, 1), date(2026, 4, 1)
ZONE = "Europe/Berlin"


@pytest.fixture
def pipeline(db: None, cast: Cast) -> Cast:
    selling.install_pipeline()
    return cast


def past(cast: Cast, count: int = 260, *, seed: int = 5, now: datetime = NOW) -> list[PastDeal]:
    """A year of deals, a third of them won, the last ones still open."""
    random = np.random.default_rng(seed)
    products = add_product(
        products=[
            NewProduct("P1", "Pump", cast.interest["pumps"]),
            NewProduct("S1", "Service", cast.interest["service"]),
        ],
        actor=by_user(cast.user["ada"]),
        now=now,
    )
    made = []
    for i in range(count):
        opened = now - timedelta(days=float(random.uniform(1, 400)))
        closed = opened + timedelta(days=float(random.gamma(3, 12)))
        state = State.OPEN if closed > now else State.WON if random.random() < 0.35 else State.LOST
        seller = ("kim", "sam")[i % 2]
        amount = int(random.lognormal(13, 0.6))
        made.append(
            PastDeal(
                key=f"D{i}",
                name=f"Deal {i}",
                owner_id=cast.user[seller],
                team_id=cast.team["dach" if seller == "kim" else "world"],
                company_id=None,
                opened_at=opened,
                state=state,
                closed_at=None if state is State.OPEN else closed,
                close_on=(opened + timedelta(days=40)).date(),
                stage="contacted",
                first_minor=amount,
                minor=amount,
                currency="EUR",
                product_id=products[("P1", "S1")[i % 2]],
                product_name="Pump",
                next_step="Call",
                next_step_at=now + timedelta(days=1),
            )
        )
    return made


def bring(cast: Cast, **more: Any) -> list[PastDeal]:
    deals = past(cast, **more)
    selling.bring_in_deals(deals, actor=by_user(cast.user["ada"]), now=more.get("now", NOW))
    return deals


def test_the_newest_submission_counts_and_all_stay(pipeline: Cast) -> None:
    kim = pipeline.user["kim"]
    for commit, hours in ((100, 0), (80, 2)):
        submit([SubmissionIn(kim, MARCH, commit, 300)], actor=by_user(kim), now=NOW + timedelta(hours=hours))
    later = NOW + timedelta(days=1)
    assert queries.submitted([MARCH, APRIL], by=later)[kim, MARCH].commit == 80
    assert queries.submitted([MARCH], by=NOW + timedelta(hours=1))[kim, MARCH].commit == 100
    assert queries.commits_on([NOW.date(), date(2026, 3, 9)], ZONE) == {(NOW.date(), MARCH): 80.0}
    with connection.cursor() as cursor:
        cursor.execute(
            "select amount, payload ->> 'best' from ledger_event where kind = 'forecast.submitted' order by id"
        )
        assert cursor.fetchall() == [(100, "300"), (80, "300")]


def test_submitting_for_many_takes_no_more_queries_than_for_one(pipeline: Cast) -> None:
    kim = pipeline.user["kim"]

    def counted(count: int) -> int:
        with CaptureQueriesContext(connection) as seen:
            submit([SubmissionIn(kim, MARCH, i, i) for i in range(count)], actor=by_user(kim), now=NOW)
        return len(seen)

    assert counted(1) == counted(50)


def test_a_month_that_is_over_is_not_submitted(pipeline: Cast) -> None:
    kim = pipeline.user["kim"]
    good, bad = SubmissionIn(kim, MARCH, 1, 2), SubmissionIn(kim, date(2026, 2, 1), 1, 2)
    with pytest.raises(Invalid):
        submit([good, bad], actor=by_user(kim), now=NOW)
    assert queries.submitted([MARCH], by=NOW) == {}


def test_an_adjustment_names_its_reason_and_can_be_taken_back(pipeline: Cast) -> None:
    ruth, kim = pipeline.user["ruth"], pipeline.user["kim"]
    more = {"manager_id": ruth, "month": MARCH, "actor": by_user(ruth)}
    adjust(**more, delta=-30, note="Their budget is frozen", user_id=kim, now=NOW)
    adjust(**more, delta=50, note="A tender is not in yet", team_id=pipeline.team["dach"], now=NOW)
    found = {(one.user_id, one.team_id): (one.delta, one.note) for one in queries.adjusted([MARCH])}
    assert found == {
        (kim, None): (-30, "Their budget is frozen"),
        (None, pipeline.team["dach"]): (50, "A tender is not in yet"),
    }
    adjust(**more, delta=0, note="Budget is free again", user_id=kim, now=NOW + timedelta(hours=1))
    assert [one.team_id for one in queries.adjusted([MARCH])] == [pipeline.team["dach"]]
    with pytest.raises(Invalid):
        adjust(**more, delta=1, note="Whose?", now=NOW)
    with pytest.raises(IntegrityError), transaction.atomic():
        Adjustment.objects.create(manager_id=ruth, month=MARCH, user_id=kim, delta_minor=1, note="", at=NOW)


def test_a_plan_is_set_once_per_team_and_month(pipeline: Cast) -> None:
    grace, dach = pipeline.user["grace"], pipeline.team["dach"]
    plans = [PlanIn(MARCH, 500), PlanIn(MARCH, 300, dach)]
    assert plan(plans, actor=by_user(grace), now=NOW) == 2
    assert plan(plans, actor=by_user(grace), now=NOW) == 0
    assert plan([PlanIn(MARCH, 600)], actor=by_user(grace), now=NOW) == 1
    assert queries.plans([MARCH]) == {(None, MARCH): 600, (dach, MARCH): 300}


def test_a_forecast_adds_up_and_opens(pipeline: Cast) -> None:
    deals = bring(pipeline)
    submit([SubmissionIn(pipeline.user["kim"], MARCH, 1234, 2000)], actor=by_user(pipeline.user["kim"]), now=NOW)
    take(NOW, runs=400)
    made = queries.newest()
    assert made is not None
    assert made.snapshot.foreseen
    still_open = [deal for deal in deals if deal.state is State.OPEN]
    assert made.snapshot.open_deals == len(still_open)
    march = made.of("all")[0]
    won = [
        deal
        for deal in deals
        if deal.state is State.WON and deal.closed_at and deal.closed_at >= datetime(2026, 2, 28, 23, tzinfo=UTC)
    ]
    assert march.won == sum(deal.minor for deal in won)
    assert march.commit == 1234
    for kind in ("team", "product"):
        assert sum(one.won for one in made.of(kind) if one.month == MARCH) == pytest.approx(march.won, abs=2)
        middle = sum(one.p50 or 0 for one in made.of(kind) if one.month == APRIL)
        assert middle == pytest.approx(made.of("all")[1].p50, rel=0.25)
    assert {one.month for one in made.of("cash")} == set(rules.months_from(MARCH, 6))
    assert {one.month for one in made.of("quarter")} == {date(2026, 1, 1), APRIL}
    assert all(0 < (one.p50 or 0) < 60 for one in made.of("units") if one.month == APRIL)
    rows = queries.outlooks()
    assert len(rows) == len(still_open)
    assert all(0 <= sum(one.by_month) <= one.chance + 1e-3 for one in rows)


def test_past_months_are_made_up_for_once_and_a_day_has_one_forecast(pipeline: Cast) -> None:
    bring(pipeline)
    told: list[date] = []
    take(NOW, runs=400, on=told.append)
    assert told == rules.months_from(told[0], len(told))
    assert told[-1] == date(2026, 2, 1)
    take(NOW + timedelta(hours=2), runs=400, on=told.append)
    assert len(told) == len(set(told))
    assert Snapshot.objects.filter(replayed=False).count() == 1
    record = queries.points(NOW.date(), ZONE)
    assert {one.method for one in record} == {"model", "run_rate"}  # nobody knows where past deals stood
    assert max(one.month for one in record) == date(2026, 2, 1)


def test_with_few_deals_it_says_so(pipeline: Cast) -> None:
    bring(pipeline, count=12)
    take(NOW)
    made = queries.newest()
    assert made is not None
    assert not made.snapshot.foreseen
    assert [one.p50 for one in made.of("all")] == [None] * 6
    assert made.of("all")[1].run_rate is not None


def test_with_no_deal_at_all_it_says_so(pipeline: Cast) -> None:
    take(NOW)
    made = queries.newest()
    assert made is not None
    assert (made.snapshot.foreseen, made.snapshot.open_deals) == (False, 0)


def test_amounts_are_counted_at_the_rate_of_their_day(pipeline: Cast) -> None:
    for day, value in ((date(2026, 1, 1), "0.9"), (date(2026, 3, 1), "0.8")):
        Rate.objects.create(day=day, currency="USD", base="EUR", rate=Decimal(value))
    terms = add_term(terms=[NewTerm("net90", "90 days", 90)], actor=by_user(pipeline.user["ada"]), now=NOW)
    assert terms
    (deal, other) = past(pipeline, count=2)
    dollars = {"currency": "USD", "state": State.OPEN, "closed_at": None, "first_minor": 100_000, "minor": 50_000}
    changed = [
        PastDeal(**{**_fields(deal), **dollars, "opened_at": datetime(2026, 2, 1, tzinfo=UTC)}),
        PastDeal(**{**_fields(other), **dollars, "currency": "GBP", "key": "pounds"}),
    ]
    selling.bring_in_deals(changed, actor=by_user(pipeline.user["ada"]), now=NOW)
    book = load()
    assert book.unconverted == ("GBP",)
    assert list(book.deals.amount.value) == [90_000, 40_000]
    assert Column("team", deal.team_id or 0) in book.money
    assert standing(book.deals, rules.moment_of(NOW) + 1).amount.tolist() == [40_000]


def _fields(deal: PastDeal) -> dict[str, Any]:
    return {name: getattr(deal, name) for name in PastDeal.__slots__}


def test_the_category_of_a_deal_is_known_from_its_day_on(pipeline: Cast) -> None:
    deals = bring(pipeline, count=60)
    with connection.cursor() as cursor:
        cursor.execute("select id from selling_opportunity where state = 'open' order by id limit 1")
        ((deal_id,),) = cursor.fetchall()
    assert deals
    who = by_user(pipeline.user["kim"])
    assert selling.change(deal_id, changes={"category": "commit"}, actor=who, now=NOW) == ["category"]
    with pytest.raises(Invalid):
        selling.change(deal_id, changes={"category": "surely"}, actor=who, now=NOW)
    book = load()
    moment = rules.moment_of(NOW)
    place = int(np.flatnonzero(book.deals.id == deal_id)[0])
    assert standing(book.deals, moment + 0.01, np.array([place])).category.tolist() == [3]
    assert standing(book.deals, moment - 0.01, np.array([place])).category.tolist() == [0]
