"""The tags say amounts, times and clocks as people read them, and escape what they are given."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leadloop.front.templatetags import ui
from leadloop.front.templatetags.due_text import due_text

NOW = datetime(2026, 11, 21, 13, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _plain_static_names(settings: Any) -> None:
    """Hashed names come from `collectstatic`, which tests don't run."""
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = {**settings.STORAGES, "staticfiles": plain}


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (30, "1 min"),
        (11 * 60 + 59, "11 min"),
        (3600, "1 h"),
        (24 * 3600, "24 h"),
        (48 * 3600, "2 d"),
        (0, "1 min late"),
        (-6 * 60, "6 min late"),
        (-3 * 86400, "3 d late"),
    ],
)
def test_the_clock_in_words(seconds: int, words: str) -> None:
    assert due_text(NOW + timedelta(seconds=seconds), NOW) == words


def test_no_promise_no_clock() -> None:
    assert "no clock" in ui.due(None, NOW, "none")


@pytest.mark.parametrize(
    ("minor", "currency", "words"),
    [(4_800_000, "EUR", "€48,000"), (123_450, "EUR", "€1,234.50"), (500, "JPY", "¥500"), (-600, "USD", "−$6")],
)
def test_money(minor: int, currency: str, words: str) -> None:
    assert ui.money(minor, currency) == words


def test_money_short_and_unknown() -> None:
    assert ui.money_short(120_000_000, "EUR") == "€1.2M"
    assert ui.money(None, "EUR") == ui.money_short(None, "EUR") == ""


def test_a_figure_carries_the_count_of_its_rows() -> None:
    assert ui.figure(1204, "/leads?a=1&b=2") == '<a class="fig" data-figure="1204" href="/leads?a=1&amp;b=2">1,204</a>'
    money = ui.figure(38, "/leaks", "€61,200", "late")
    assert 'data-figure="38" data-state="late"' in money
    assert money.endswith(">€61,200</a>")


def test_times_are_said_in_the_zone_asked_for() -> None:
    assert ui.local(NOW, "Europe/Berlin") == "21 Nov 2026, 14:03"
    assert ui.local_date(NOW.replace(hour=23, minute=30), "Europe/Berlin") == "22 Nov 2026"
    assert ui.local(None, "UTC") == ""


@pytest.mark.parametrize(
    ("name", "letters"), [("Kim Maurer", "KM"), ("Prince", "P"), ("Ana María de la Cruz", "AC"), ("", "?")]
)
def test_initials(name: str, letters: str) -> None:
    assert ui.initials(name) == letters


def test_a_person_keeps_their_colour_and_names_are_escaped() -> None:
    assert ui.avatar("Kim Maurer", 3) == ui.avatar("Kim Maurer", 3)
    assert {ui.avatar("A B", number) for number in range(40)} == {ui.avatar("A B", number) for number in range(80)}
    assert '"&lt;b&gt; x"' in ui.avatar("<b> x", 1, alone=True)


@pytest.mark.parametrize(
    ("delta", "better", "state"), [(4, "up", "ok"), (-6, "up", "late"), (-50, "down", "ok"), (3, "down", "late")]
)
def test_a_change_is_coloured_by_what_is_better(delta: int, better: str, state: str) -> None:
    assert f'data-state="{state}"' in ui.change(delta, "pts", better)


def test_one_is_not_said_in_the_plural() -> None:
    assert ui.change(-1, "pts").endswith("1 pt</small>")
    assert ui.change(2, "pts").endswith("2 pts</small>")


def test_no_change_says_same_and_no_data_says_nothing() -> None:
    assert "same" in ui.change(0)
    assert ui.change(None) == ui.change("") == ""


@pytest.mark.parametrize(
    ("filtered", "words"),
    [
        (ui.percent(0.93), "93\u00a0%"),
        (ui.percent(12.94), "1,294\u00a0%"),
        (ui.percent(None), ""),
        (ui.thousands(2901), "2,901"),
        (ui.plain(6.0), "6"),
        (ui.signed(-6), "−6"),
        (ui.signed(21), "+21"),
        (str(ui.bar_width(-90)), "24"),
        (ui.cell_text({"text": 0}), 0),
        (ui.cell_text("Qualified"), "Qualified"),
    ],
)
def test_small_words(filtered: object, words: object) -> None:
    assert filtered == words


def test_a_grade_says_when_there_is_none() -> None:
    assert "not scored yet" in ui.grade("")
    assert ui.grade("A", 87) == '<span class="chip grade" data-grade="A">A<b>87</b></span>'
