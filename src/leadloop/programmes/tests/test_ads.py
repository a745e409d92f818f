"""Costs of advertising come in by file, once; links carry the tags that lead back to their programme."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_system
from leadloop.loop import check
from leadloop.programmes import services
from leadloop.programmes.ads import AdFile, AdRow, read_ads
from leadloop.programmes.contracts import CostKind, Rule, TouchHint
from leadloop.programmes.models import AdDay, Cost
from leadloop.programmes.queries import costs, programmes_of, tagged, tags_for
from tests.support.cast import MONDAY, Cast

BY: dict[str, Any] = {"actor": by_system("test"), "now": MONDAY}
DAY = date(2026, 3, 1)
FILE = """Date,Campaign name,Amount spent (EUR),Clicks,Impressions
2026-03-01,Pumps DE,"1,234.50",12,"4,000"
2026-03-01,Pumps DE,0.50,1,10
2026-03-02,Pumps DE,20,2,300
2026-03-01,Brand,5,1,50
"""


def read(text: str = FILE, style: str = "1,234.56") -> AdFile:
    return read_ads(text, currency="EUR", style=style)


def test_a_file_is_read_by_its_heads_and_added_up_by_day() -> None:
    found = read()
    assert found.columns == {
        "day": "Date", "campaign": "Campaign name", "cost": "Amount spent (EUR)", "clicks": "Clicks",
        "impressions": "Impressions",
    }  # fmt: skip
    assert found.rows[0] == AdRow(2, DAY, "Pumps DE", 123_500, "EUR", 13, 4010)
    assert [(row.campaign, row.minor) for row in found.rows] == [
        ("Pumps DE", 123_500),
        ("Pumps DE", 2_000),
        ("Brand", 500),
    ]
    assert found.wrong == ()


def test_german_files_are_read_too() -> None:
    found = read("Datum;Kampagne;Kosten;Währung;Klicks\n1.3.2026;Pumpen;1.234,50;CHF;1.200\n", style="1.234,56")
    assert found.rows == (AdRow(2, DAY, "Pumpen", 123_450, "CHF", 1200, 0),)


@pytest.mark.parametrize(
    ("line", "wrong"),
    [
        ("soon,Pumps,5", "is no day"),
        ("2026-02-30,Pumps,5", "is no day"),
        ("2026-03-01,,5", "The campaign is missing"),
        ("2026-03-01,Pumps,-5", "below nought"),
        ("2026-03-01,Pumps,five", ""),
        ("2026-03-01", ""),
    ],
)
def test_a_line_that_can_not_be_read_is_named_and_left_out(line: str, wrong: str) -> None:
    found = read(f"date,campaign,cost\n{line}\n2026-03-02,Pumps,5\n")
    [(number, why)] = found.wrong
    assert number == 2
    assert wrong in why
    assert [row.line for row in found.rows] == [3]


def test_a_file_without_what_is_needed_is_refused() -> None:
    with pytest.raises(Invalid, match="day and cost"):
        read("campaign,clicks\nPumps,5\n")
    with pytest.raises(Invalid):
        read("")


@pytest.mark.django_db
def test_a_second_time_nothing_changes(cast: Cast) -> None:
    rows, where = read().rows, {"Pumps DE": cast.programme["ads"], "Brand": cast.programme["ads"]}
    first = services.book_ads(rows=rows, programme_of=where, **BY)
    assert (first.new, first.same, first.wrong) == (3, 0, ())
    again = services.book_ads(rows=rows, programme_of=where, **BY)
    assert (again.new, again.same, again.wrong) == (0, 3, ())
    booked = costs(None, DAY, date(2026, 3, 2))
    assert sorted(line.base_minor for line in booked) == [500, 2_000, 123_500]
    assert {line.kind for line in booked} == {CostKind.MEDIA}
    assert AdDay.objects.get(campaign="Brand").clicks == 1
    assert [b for b in check.run() if b.promise == 8] == []


@pytest.mark.django_db
def test_what_can_not_be_booked_is_named_by_its_line(cast: Cast) -> None:
    where = {"Pumps DE": cast.programme["ads"], "Abroad": cast.programme["ads"]}
    services.book_ads(rows=read().rows, programme_of=where, **BY)
    changed = read(
        "date,campaign,cost,currency\n2026-03-02,pumps de,21,EUR\n2026-03-02,Abroad,5,USD\n2026-03-02,New,5,EUR\n"
    )
    done = services.book_ads(rows=changed.rows, programme_of=where, **BY)
    assert (done.new, done.same) == (0, 0)
    assert [line for line, _ in done.wrong] == [2, 3, 4]
    assert "another amount" in done.wrong[0][1]
    assert "no rate for USD" in done.wrong[1][1]
    assert "belongs to no programme" in done.wrong[2][1]
    assert Cost.objects.count() == 2


@pytest.mark.django_db
def test_a_day_without_cost_keeps_its_counts(cast: Cast) -> None:
    free = read("date,campaign,cost,clicks\n2026-03-01,Free,0,7\n")
    assert services.book_ads(rows=free.rows, programme_of={"Free": cast.programme["ads"]}, **BY).new == 1
    assert AdDay.objects.get().clicks == 7
    assert Cost.objects.count() == 0


@pytest.mark.django_db
def test_many_days_cost_as_many_statements_as_two(cast: Cast) -> None:
    spent = []
    for start, count in ((1, 2), (10, 2), (100, 200)):
        rows = [AdRow(n, DAY, f"Campaign {n}", 100, "EUR", 0, 0) for n in range(start, start + count)]
        where = {row.campaign: cast.programme["ads"] for row in rows}
        with CaptureQueriesContext(connection) as queries:
            services.book_ads(rows=rows, programme_of=where, **BY)
        spent.append(len(queries))
    assert spent[1] == spent[2]


@pytest.fixture
def ruled(cast: Cast) -> Cast:
    rules = [
        Rule(1, utm_source="google", utm_medium="cpc", utm_campaign="pumps-*", programme_id=cast.programme["ads"]),
        Rule(2, utm_source="news*", utm_campaign="spring", programme_id=cast.programme["spring"]),
    ]
    services.set_utm_rules(rules=rules, **BY)
    return cast


@pytest.mark.django_db
def test_a_campaign_is_known_by_its_past_a_rule_or_its_name(ruled: Cast) -> None:
    ads, spring = ruled.programme["ads"], ruled.programme["spring"]
    assert programmes_of(["SPRING", "Search ads", "Pumps DE"]) == {"SPRING": spring, "Search ads": ads}
    services.book_ads(rows=read().rows, programme_of={"Pumps DE": spring}, **BY)
    assert programmes_of(["Pumps DE"]) == {"Pumps DE": spring}


@pytest.mark.django_db
def test_a_link_carries_its_tags_and_says_where_it_leads(ruled: Cast) -> None:
    ads, spring = ruled.programme["ads"], ruled.programme["spring"]
    assert tags_for(ads) == TouchHint("google", "cpc", "")
    assert tags_for(spring) == TouchHint("", "", "spring")
    link, led = tagged("https://www.example.com/a?x=1&utm_source=old#top", TouchHint("google", "cpc", "pumps-de & co"))
    assert link == "https://www.example.com/a?x=1&utm_source=google&utm_medium=cpc&utm_campaign=pumps-de+%26+co#top"
    assert led.programme_id == ads
    assert tagged("https://www.example.com", TouchHint("bing", "", "other"))[1].programme_id is None
    for address, tags in (
        ("javascript:alert(1)", TouchHint("a", "", "b")),
        ("https://www.example.com", TouchHint("a", "", "")),
        ("https://www.example.com", TouchHint("", "", "b")),
    ):
        with pytest.raises(Invalid):
            tagged(address, tags)
