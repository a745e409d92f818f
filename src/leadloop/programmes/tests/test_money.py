"""The cost book: what was spent, in which currency, taken back in which steps, and that it all adds up."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from leadloop.kernel.errors import Conflict, Forbidden, Invalid, NotFound
from leadloop.kernel.money import Money
from leadloop.ledger.contracts import by_system, by_user
from leadloop.ledger.models import Event
from leadloop.platform.models import Rate
from leadloop.programmes import queries, services
from leadloop.programmes.checks import CHECKS
from leadloop.programmes.contracts import Allocation, Correction, CostKind, Spend, Total
from leadloop.programmes.models import Cost
from tests.support.cast import MONDAY

pytestmark = pytest.mark.django_db
JAN, FEB, DEC = date(2026, 1, 15), date(2026, 2, 15), date(2026, 12, 31)
YEAR = (date(2026, 1, 1), DEC)


def by(cast: Any) -> dict[str, Any]:
    return {"actor": by_user(cast.user["tomas"]), "now": MONDAY}


def rate(day: date, value: str, currency: str = "USD") -> None:
    Rate.objects.update_or_create(day=day, currency=currency, base="EUR", defaults={"rate": Decimal(value)})


def media(cast: Any, minor: int, currency: str = "EUR", day: date = JAN, programme: str = "ads") -> Spend:
    return Spend(
        minor=minor,
        currency=currency,
        kind=CostKind.MEDIA,
        booked_on=day,
        programme_id=cast.programme[programme],
    )


def base_sum() -> int:
    return sum(line.base_minor for line in queries.costs(None, *YEAR))


def test_a_cost_is_worth_what_the_rate_of_its_day_says(cast: Any) -> None:
    rate(date(2026, 1, 1), "0.90")
    rate(date(2026, 2, 1), "0.80")
    spends = [media(cast, 10_000, "USD", JAN), media(cast, 10_000, "USD", FEB), media(cast, 500)]
    services.spend(spends=spends, **by(cast))
    assert [line.base_minor for line in queries.costs(None, *YEAR)] == [9_000, 500, 8_000]
    facts = Event.objects.filter(kind="cost.booked").order_by("id")
    assert [(f.amount, f.currency, f.base_amount) for f in facts] == [
        (10_000, "USD", 9_000),
        (10_000, "USD", 8_000),
        (500, "EUR", 500),
    ]


def test_a_missing_rate_is_named_and_nothing_of_the_batch_is_booked(cast: Any) -> None:
    rate(FEB, "0.80")
    with pytest.raises(Invalid) as refused:
        services.spend(spends=[media(cast, 500), media(cast, 10_000, "USD", JAN)], **by(cast))
    assert "USD" in refused.value.problem
    assert "2026-01-15" in refused.value.problem
    assert refused.value.mend
    assert queries.costs(None, *YEAR) == []


@pytest.mark.parametrize("minor", [0, -1])
def test_only_money_that_was_spent_is_booked(cast: Any, minor: int) -> None:
    with pytest.raises(Invalid, match="above nought"):
        services.spend(spends=[media(cast, minor)], **by(cast))


def test_a_shared_cost_says_how_it_is_spread(cast: Any) -> None:
    shared = Spend(minor=100, currency="EUR", kind=CostKind.TOOL, booked_on=JAN)
    with pytest.raises(Invalid, match="needs a rule"):
        services.spend(spends=[shared], **by(cast))
    both = Spend(
        minor=100,
        currency="EUR",
        kind=CostKind.TOOL,
        booked_on=JAN,
        programme_id=cast.programme["ads"],
        allocation=Allocation.EVENLY,
    )
    with pytest.raises(Invalid, match="not spread"):
        services.spend(spends=[both], **by(cast))
    with pytest.raises(IntegrityError), transaction.atomic():
        Cost.objects.create(kind="tool", minor=1, currency="EUR", base_minor=1, booked_on=JAN, allocation="")


def test_a_cost_of_a_programme_nobody_knows_is_refused() -> None:
    lost = Spend(minor=1, currency="EUR", kind=CostKind.MEDIA, booked_on=JAN, programme_id=987654)
    with pytest.raises(Invalid, match="no programme 987654"):
        services.spend(spends=[lost], actor=by_system("import"), now=MONDAY)


def test_a_mistake_is_taken_off_by_a_line_that_names_it(cast: Any) -> None:
    [line] = services.spend(spends=[media(cast, 1_000)], **by(cast))
    [part] = services.correct(corrections=[Correction(line, 300, "invoice was lower")], **by(cast))
    rows = {row.id: row for row in queries.costs(None, *YEAR)}
    assert (rows[part].minor, rows[part].corrects_id, rows[part].booked_on) == (-300, line, JAN)
    assert rows[line].minor == 1_000
    with pytest.raises(Invalid, match="700 minor units"):
        services.correct(corrections=[Correction(line, 701)], **by(cast))
    with pytest.raises(Invalid, match="no booked cost"):
        services.correct(corrections=[Correction(part)], **by(cast))
    services.correct(corrections=[Correction(line)], **by(cast))
    assert base_sum() == 0
    with pytest.raises(Invalid):
        services.correct(corrections=[Correction(line)], **by(cast))


@settings(max_examples=30, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    minor=st.integers(1, 10_000_000),
    value=st.decimals("0.0001", "5000", places=4),
    cuts=st.lists(st.floats(0, 1), max_size=5),
)
def test_taken_off_in_any_steps_nothing_remains_in_either_currency(
    cast: Any, minor: int, value: Decimal, cuts: list[float]
) -> None:
    with transaction.atomic():
        rate(date(2026, 1, 1), str(value))
        [line] = services.spend(spends=[media(cast, minor, "USD")], **by(cast))
        steps = [Correction(line, int(minor * cut / 5)) for cut in cuts if int(minor * cut / 5)]
        services.correct(corrections=steps, **by(cast))
        services.correct(corrections=[Correction(line)], **by(cast))
        left = queries.costs(None, *YEAR)
        assert sum(row.minor for row in left) == sum(row.base_minor for row in left) == 0
        transaction.set_rollback(True)


def test_costs_roll_up_the_tree_to_the_cent(cast: Any) -> None:
    shared = Spend(minor=700, currency="EUR", kind=CostKind.TOOL, booked_on=JAN, allocation=Allocation.BY_INQUIRIES)
    spends = [media(cast, 1_000), media(cast, 250, programme="spring"), media(cast, 50, day=FEB), shared]
    services.spend(spends=spends, **by(cast))
    spring, ads = cast.programme["spring"], cast.programme["ads"]
    assert queries.totals(*YEAR) == {spring: Total(250, 1_300), ads: Total(1_050, 1_050)}
    assert queries.totals(FEB, DEC) == {spring: Total(0, 50), ads: Total(50, 50)}
    assert base_sum() == 250 + 1_050 + 700
    assert [row.minor for row in queries.costs([ads], *YEAR)] == [1_000, 50]


def test_the_book_and_the_ledger_tell_the_same(cast: Any) -> None:
    [line, other] = services.spend(spends=[media(cast, 1_000), media(cast, 50)], **by(cast))
    services.correct(corrections=[Correction(line, 300)], **by(cast))

    def found() -> list[str]:
        with connection.cursor() as cursor:
            cursor.execute(CHECKS[0].sql, [20])
            return [row[0] for row in cursor.fetchall()]

    assert found() == []
    Cost.objects.filter(id=other).update(base_minor=51)
    assert found() == [f"cost {other}"]


def test_a_large_batch_costs_as_many_queries_as_a_small_one(cast: Any) -> None:
    counts = []
    for size in (1, 300):
        with CaptureQueriesContext(connection) as seen:
            ids = services.spend(spends=[media(cast, 5 + n) for n in range(size)], **by(cast))
            services.correct(corrections=[Correction(i, 2) for i in ids], **by(cast))
        counts.append(len(seen))
    assert counts[0] == counts[1]


def test_a_budget_is_asked_for_and_approved_by_name_once(cast: Any) -> None:
    budget = services.ask_budget(programme_id=cast.programme["ads"], amount=Money(500_00, "EUR"), **by(cast))
    viktor = {"actor": by_user(cast.user["viktor"]), "now": MONDAY}
    with pytest.raises(Invalid):
        services.approve_budget(budget_id=budget, minor=500_01, **viktor)
    assert services.approve_budget(budget_id=budget, minor=400_00, **viktor) == 400_00
    with pytest.raises(Conflict):
        services.approve_budget(budget_id=budget, **viktor)
    [row] = queries.budgets([cast.programme["ads"]])
    assert (row.asked_by_id, row.approved_by_id, row.approved_minor) == (
        cast.user["tomas"],
        cast.user["viktor"],
        400_00,
    )
    facts = Event.objects.filter(kind__startswith="budget.").order_by("id")
    assert [(f.kind, f.amount, f.actor) for f in facts] == [
        ("budget.asked", 500_00, by_user(cast.user["tomas"])),
        ("budget.approved", 400_00, by_user(cast.user["viktor"])),
    ]


def test_budgets_are_a_matter_between_persons(cast: Any) -> None:
    robot: dict[str, Any] = {"actor": by_system("install"), "now": MONDAY}
    with pytest.raises(Forbidden):
        services.ask_budget(programme_id=cast.programme["ads"], amount=Money(1, "EUR"), **robot)
    with pytest.raises(NotFound):
        services.ask_budget(programme_id=987654, amount=Money(1, "EUR"), **by(cast))
    with pytest.raises(NotFound):
        services.approve_budget(budget_id=987654, **by(cast))
    with pytest.raises(Invalid):
        services.ask_budget(programme_id=cast.programme["ads"], amount=Money(0, "EUR"), **by(cast))
