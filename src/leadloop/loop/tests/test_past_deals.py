"""Deals of another system come in with their past, everything that is taken to mean something is shown."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import connection

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.loop import check
from leadloop.loop.install import bare
from leadloop.loop.install.contracts import Firm
from leadloop.loop.past_deals.asking import amount_style
from leadloop.loop.past_deals.bringing import Given, bring_in, understand
from leadloop.tracking.forecast.accuracy import accuracy
from leadloop.tracking.forecast.backtest import MODEL, RUN_RATE, points
from leadloop.tracking.forecast.queries import newest, outlooks
from leadloop.tracking.forecast.queries import points as record
from leadloop.tracking.forecast.taking import take, try_past

MAVEN = Path(__file__).parents[5] / "shared" / "data" / "maven_crm"
NOW = datetime(2018, 1, 2, 9, 0, tzinfo=UTC)
OPERATOR = by_system("command-line")

PRODUCTS = "product,series,sales_price\nGTX Pro,GTX,4821\nMG Special,MG,55\n"
TEAMS = "sales_agent,manager,regional_office\nAnna Snelling,Dustin Brinkmann,Central\n"
DEALS = """opportunity_id,sales_agent,product,account,deal_stage,engage_date,close_date,close_value
A1,Anna Snelling,GTXPro,Cancity,Won,2017-01-10,2017-03-01,4514
A2,Anna Snelling,MG Special,,Lost,2017-01-12,2017-02-01,0
A3,Anna Snelling,GTX Pro,Gekko & Co,Engaging,2017-02-01,,
A4,Anna Snelling,GTX Pro,,Prospecting,,,
"""


def fetch(sql: str) -> list[tuple[object, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return list(cursor.fetchall())


def given(folder: Path, **more: object) -> Given:
    files = {"products": folder / "products.csv", "teams": folder / "sales_teams.csv"}
    if (folder / "accounts.csv").exists():
        files["accounts"] = folder / "accounts.csv"
    return Given(**{"product_names": {}, "statuses": {}, "owners": {}, **files, **more})


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "products.csv").write_text(PRODUCTS)
    (tmp_path / "sales_teams.csv").write_text(TEAMS)
    (tmp_path / "deals.csv").write_text(DEALS)
    return tmp_path


def install() -> None:
    bare(Firm("Prairie", zone="America/Chicago", country="US", currency="USD"), password="long-enough-9", now=NOW)


def test_deals_come_in_with_their_dates_and_once(empty_db: str, folder: Path) -> None:
    install()
    shown = understand(folder / "deals.csv", given(folder)).shown
    assert [(one.text, one.means, one.how) for one in shown["Products"]] == [
        ("GTX Pro", "GTX Pro", "same name"),
        ("GTXPro", "GTX Pro", "same but for spaces and case"),
        ("MG Special", "MG Special", "same name"),
    ]
    first = bring_in(folder / "deals.csv", given(folder), actor=OPERATOR, now=NOW)
    assert (first.new, first.won, first.won_minor, first.lost, first.open) == (4, 1, 451_400, 1, 2)
    assert first.without_company == ("A2", "A4")
    assert first.without_opening_day == 1
    assert (first.people_added, first.companies_added) == (2, 2)
    again = bring_in(folder / "deals.csv", given(folder), actor=OPERATOR, now=NOW + timedelta(hours=1))
    assert (again.new, again.known, again.people_added, again.companies_added) == (0, 4, 0, 0)
    won = fetch(
        "select o.closed_at::date::text, o.base_minor, l.unit_minor from selling_opportunity o"
        " join selling_line l on l.opportunity_id = o.id where o.source_key = 'A1'"
    )
    assert won == [("2017-03-01", 451_400, 451_400)]
    told = fetch(
        "select e.kind, e.amount from ledger_event e join selling_opportunity o on o.id = e.opportunity_id"
        " where o.source_key = 'A1' order by e.id"
    )
    assert told == [("opportunity.opened", 482_100), ("opportunity.changed", -30_700), ("opportunity.won", 451_400)]
    assert check.run() == []


def test_days_and_amounts_that_can_be_read_two_ways_are_asked_once_for_the_column(empty_db: str, folder: Path) -> None:
    install()
    doubtful = DEALS.replace("2017-01-10,2017-03-01,4514", "10/01/2017,01/03/2017,1.234")
    doubtful = doubtful.replace("2017-01-12,2017-02-01", "12/01/2017,01/02/2017").replace(
        "2017-02-01,,", "01/02/2017,,"
    )
    (folder / "deals.csv").write_text(doubtful)
    with pytest.raises(Invalid, match="more than one way") as asked:
        understand(folder / "deals.csv", given(folder))
    assert "day_first" in asked.value.mend
    with pytest.raises(Invalid, match=r"“1\.234” can be read in more than one way") as asked:
        amount_style({"1.234"}, "KWD", None)  # which has three decimals; with two it can only be thousands
    assert "1.234,56 makes it 1234" in asked.value.mend
    assert amount_style({"1.234"}, "KWD", "1.234,56") == "1.234,56"
    (one,) = understand(folder / "deals.csv", given(folder, days="day_first")).shown["Amounts"]
    assert one.means == "1234.00 USD"
    bring_in(folder / "deals.csv", given(folder, days="day_first"), actor=OPERATOR, now=NOW)
    ((day, minor),) = fetch("select closed_at::date::text, minor from selling_opportunity where source_key = 'A1'")
    assert (day, minor) == ("2017-03-01", 123_400)


def test_one_amount_that_tells_decides_for_its_column(empty_db: str, folder: Path) -> None:
    install()
    told = DEALS.replace(",4514", ',"1.234,50"').replace(",0\n", ",1.500\n")
    (folder / "deals.csv").write_text(told)
    assert bring_in(folder / "deals.csv", given(folder), actor=OPERATOR, now=NOW).won_minor == 123_450
    assert fetch("select minor from selling_opportunity where source_key = 'A2'") == [(150_000,)]


def test_what_is_not_understood_is_named_before_anything_is_written(empty_db: str, folder: Path) -> None:
    install()
    (folder / "products.csv").write_text("product,series,sales_price\nMG Special,MG,55\n")
    with pytest.raises(Invalid, match="GTX Pro"):
        bring_in(folder / "deals.csv", given(folder), actor=OPERATOR, now=NOW)
    assert fetch("select count(*) from selling_opportunity") == [(0,)]
    said = given(folder, product_names={"GTXPro": "MG Special", "GTX Pro": "mg special"})
    assert bring_in(folder / "deals.csv", said, actor=OPERATOR, now=NOW).new == 4


@pytest.mark.skipif(not MAVEN.exists(), reason="needs ../shared/data/maven_crm")
def test_a_year_of_a_real_pipeline_comes_in_and_is_foreseen(empty_db: str) -> None:
    install()
    file, said = MAVEN / "sales_pipeline.csv", given(MAVEN)
    shown = {one.text: one.means for one in understand(file, said).shown["Products"]}
    assert shown["GTXPro"] == "GTX Pro"
    found = bring_in(file, said, actor=OPERATOR, now=NOW)
    assert (found.won, found.won_minor, found.lost, found.open) == (4_238, 1_000_553_400, 2_473, 2_089)
    assert len(found.without_company) == 1_425
    assert fetch("select sum(base_minor) from selling_opportunity where state = 'won'") == [(1_000_553_400,)]
    assert check.run() == []
    said_of_it = points(try_past(NOW, runs=400))
    model, rate = accuracy(said_of_it, MODEL), accuracy(said_of_it, RUN_RATE)
    assert model.months == rate.months > 10
    assert model.mape is not None
    assert rate.mape is not None
    assert model.mape < rate.mape
    snapshot = take(NOW, runs=400)
    made = newest()
    assert made is not None
    assert made.snapshot.id == snapshot
    assert made.snapshot.open_deals == 2_089
    assert len(made.of("all")) == 6
    assert all(one.p10 <= one.p50 <= one.p90 for one in made.figures)
    assert len(outlooks()) == 2_089
    assert len(record(NOW.date(), "America/Chicago")) > 20
