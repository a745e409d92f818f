"""Charts keep the content policy, survive odd numbers and say what they show."""

from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.front import charts
from leadloop.front.chart_axes import short_number, ticks

VALUES = st.floats(min_value=0, max_value=1e9, allow_nan=False)


def parsed(markup: str) -> ElementTree.Element:
    assert "style=" not in markup
    return ElementTree.fromstring(markup)


def test_ring_shows_what_is_left() -> None:
    arc = parsed(charts.ring(40, "risk", "a third left"))[1]
    assert arc.get("stroke-dasharray") == "40 100"


def test_late_ring_is_full() -> None:
    assert parsed(charts.ring(0, "late"))[1].get("stroke-dasharray") == "100 100"


def test_ring_without_words_is_hidden_from_screen_readers() -> None:
    assert parsed(charts.ring(10, "ok")).get("aria-hidden") == "true"
    assert parsed(charts.ring(10, "ok", "3 min left")).get("aria-label") == "3 min left"


@given(st.lists(VALUES, min_size=2, max_size=30))
def test_spark_stays_inside_its_box(values: list[float]) -> None:
    dot = parsed(charts.spark(values, "ok"))[2]
    assert 0 <= float(dot.get("cx", "-1")) <= 96
    assert 0 <= float(dot.get("cy", "-1")) <= 28


@pytest.mark.parametrize("values", [[], [3.0]])
def test_spark_needs_two_values(values: list[float]) -> None:
    assert charts.spark(values) == ""


@given(st.lists(st.integers(min_value=0, max_value=10**7), min_size=1, max_size=8))
def test_funnel_has_a_band_per_step(counts: list[int]) -> None:
    bands = parsed(charts.funnel([(f"Step {at}", count) for at, count in enumerate(counts)]))
    assert len(bands) == len(counts)


def test_funnel_of_nothing_is_nothing() -> None:
    assert charts.funnel([]) == ""


def test_bars_are_stacked_in_the_order_given_and_escape_names() -> None:
    won, open_ = charts.Series("<won>", [100.0, 50.0]), charts.Series("open", [20.0, 0.0])
    chart = parsed(charts.stacked_bars(["W1", "W2"], [won, open_], "Two weeks"))
    bars = [each for each in chart.iter() if each.tag == "rect"]
    assert [bar.get("data-tone") for bar in bars] == ["0", "1", "0", "1"]
    assert float(bars[0].get("y", "0")) > float(bars[1].get("y", "0"))
    assert bars[0][0].text == "W1: <won> 100"
    assert chart.get("aria-label") == "Two weeks"


def test_a_forecast_starts_where_the_past_ends() -> None:
    band = charts.Band(middle=[3.0, 4.0], low=[3.0, 3.5], high=[3.0, 5.0])
    chart = parsed(charts.line_band(["Jan", "Feb", "Mar"], [2.0, 3.0], band, "Revenue", plan=[1.0, 2.0, 3.0]))
    assert [drawn.get("viewBox") for drawn in chart] == ["0 0 1000 220", "0 0 520 220"]
    for drawn in chart:
        lines = {each.get("class"): each.get("d", "") for each in drawn.iter("path")}
        assert lines["chart-past"].endswith(lines["chart-expected"].split("C")[0].removeprefix("M"))
        assert "chart-wide" in lines
        assert "chart-narrow" not in lines


def test_a_chart_without_data_still_draws_its_axis() -> None:
    assert parsed(charts.stacked_bars([], [], "Nothing yet")).get("aria-label") == "Nothing yet"
    assert parsed(charts.line_band([], [], charts.Band([], [], []), "Nothing yet"))[0].get("role") == "img"


@given(st.floats(min_value=-1e9, max_value=1e9), st.floats(min_value=0.01, max_value=1e9))
def test_ticks_cover_the_range_in_few_steps(low: float, span: float) -> None:
    marks = ticks(low, low + span)
    assert marks[0] <= low
    assert marks[-1] >= low + span - 1e-6 * span
    assert 2 <= len(marks) <= 8


@pytest.mark.parametrize(
    ("value", "words"), [(0, "0"), (2.5, "2.5"), (999, "999"), (1200, "1.2k"), (3_400_000, "3.4M"), (-5000, "-5k")]
)
def test_short_numbers(value: float, words: str) -> None:
    assert short_number(value) == words
