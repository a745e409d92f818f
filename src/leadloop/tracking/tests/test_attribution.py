"""Credit adds up whatever happened, and Markov's closed form is what removing each channel by hand gives."""

from __future__ import annotations

import csv
import gzip
from dataclasses import replace
from decimal import Decimal
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from leadloop.kernel.errors import NotFound
from leadloop.kernel.money import Money, allocate, convert
from leadloop.tracking.attribution import (
    MODELS,
    Ended,
    Exact,
    Packing,
    Paths,
    attribute,
    credit_to_the_cent,
    paths_of_exact,
    paths_of_packed,
    paths_of_text,
    removal_effects,
)
from leadloop.tracking.attribution import packed as made
from leadloop.tracking.attribution import weights as rules
from leadloop.tracking.attribution.credit import RULES, share_of_touches
from leadloop.tracking.attribution.paths import Whole

DATA = Path(__file__).resolve().parents[5] / "shared/data/attribution/channelattribution_pathdata.csv.gz"
RATES = {"EUR": Decimal(1), "USD": Decimal("0.9"), "JPY": Decimal("0.006")}


def one(text: str, worth: int = 100) -> tuple[Paths, list[str]]:
    return paths_of_text([text], [1], [0], [worth])


def paths_of(path: list[int], channel: list[int], at: list[float], ended: list[float], worth: list[int]) -> Paths:
    """Paths that were all won, of touches at so many days, none after the end of its path."""
    days = np.array(ended)
    exact = Exact(
        np.array(path, dtype=np.int64), np.array(channel, dtype=np.int64),
        np.array([day * 86_400e6 for day in at], dtype=np.int64), np.arange(len(path)),
    )  # fmt: skip
    number, all_won = np.arange(len(days)), np.ones(len(days), dtype=np.bool_)
    return paths_of_exact(exact, Ended(number, (days * 86_400).astype(np.int64), all_won, np.array(worth, dtype=int)))[
        0
    ]


@pytest.mark.parametrize(
    ("model", "text", "shares"),
    [
        ("first", "a > b > c", [1, 0, 0]),
        ("last", "a > b > c", [0, 0, 1]),
        ("linear", "a > b > c > c", [0.25, 0.25, 0.5]),
        ("position", "a", [1]),
        ("position", "a > b", [0.5, 0.5]),
        ("position", "a > b > c", [0.4, 0.2, 0.4]),
        ("position", "a > b > b > c", [0.4, 0.2, 0.4]),
        ("shapley", "a > b > b > b", [0.5, 0.5]),
        ("markov", "a > b", [0.5, 0.5]),
    ],
)
def test_each_model_shares_as_it_says(model: str, text: str, shares: list[float]) -> None:
    paths, _ = one(text)
    assert attribute(paths, model) == pytest.approx(shares)


def test_a_touch_a_half_life_older_weighs_half() -> None:
    paths = paths_of([0, 0], [0, 1], at=[0, 7], ended=[40], worth=[300])
    assert attribute(paths, "time_decay", of="worth") == pytest.approx([100, 200])
    assert rules.time_decay(paths, half_life=1e9) == pytest.approx([0.5, 0.5])


def test_an_unknown_model_is_said_with_those_there_are() -> None:
    with pytest.raises(NotFound, match="markov"):
        attribute(one("a")[0], "guess")


def test_what_was_won_without_a_touch_is_not_credited() -> None:
    paths = paths_of([1], [0], at=[1], ended=[5, 5], worth=[70, 30])
    assert {model: credit_to_the_cent(paths, model)[1] for model in MODELS} == dict.fromkeys(MODELS, 70)


moments = st.lists(
    st.tuples(st.integers(0, 6), st.integers(0, 3), st.sampled_from([0, 1, 999_999, 10**6, 10**6 + 1, 9 * 10**12])),
    max_size=40,
)


@given(given_=moments, many=st.sampled_from([1, 1_000_000]))
def test_moments_of_one_second_stand_in_their_order_too(given_: list[tuple[int, int, int]], many: int) -> None:
    """Packed into numbers, which is quicker, and as they are: both are what sorting by hand gives."""
    path, channel, moment = (np.array([one[part] for one in given_], dtype=np.int64) for part in range(3))
    path, channel = path * 3 + 1, channel * 5  # numbers of paths and channels have gaps
    number, rank = np.arange(7) * 3 + 1, np.arange(len(given_))[::-1].copy()
    ended = Ended(number, np.full(7, 9 * 10**6), np.arange(7) % 2 == 0, np.full(7, 10))
    packing = Packing.holding(path=19, begin=0, until=9 * 10**6, channel=15)
    assert packing is not None

    def exact(wanted: Whole) -> Exact:
        there = np.isin(path, wanted)
        return Exact(path[there], channel[there], moment[there], rank[there])

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(made, "MANY", many)
        packed = paths_of_packed(packing.pack(path, moment // 10**6, channel), packing, ended, exact)
    expected = sorted(range(len(given_)), key=lambda touch: (path[touch], moment[touch], rank[touch]))
    for paths, met in (packed, paths_of_exact(exact(number), ended)):
        assert list(met) == sorted(set(channel))
        assert list(met[paths.channel]) == list(channel[expected])
        assert list(paths.age) == [(9 * 10**6 - moment[touch] // 10**6) / 86_400 for touch in expected]
        assert list(paths.lengths) == [int((path == one).sum()) for one in number]
        assert list(paths.wins) == [1, 0, 1, 0, 1, 0, 1]
        assert paths.channels == len(met)


def test_numbers_too_large_are_not_packed() -> None:
    assert Packing.holding(path=2**29, begin=0, until=2**25, channel=100) is not None
    assert Packing.holding(path=2**30, begin=0, until=2**31, channel=100) is None


def test_some_paths_alone_are_what_they_were_among_the_others() -> None:
    paths, _ = paths_of_text(["a > b", "c", "b > b > c", "a"], [1, 0, 2, 0], [0, 3, 1, 5], [10, 0, 40, 0])
    some, _ = paths_of_text(["a > b", "b > b > c"], [1, 2], [0, 1], [10, 40])
    chosen = paths.only(paths.wins > 0)
    for name in ("offsets", "channel", "age", "wins", "nulls", "worth", "channels"):
        np.testing.assert_array_equal(getattr(chosen, name), getattr(some, name), err_msg=name)


def test_nothing_at_all_is_no_error() -> None:
    paths = paths_of([], [], at=[], ended=[], worth=[])
    for model in MODELS:
        assert (list(attribute(paths, model)), credit_to_the_cent(paths, model)[1]) == ([], 0)


journeys = st.lists(
    st.tuples(
        st.lists(st.tuples(st.integers(0, 4), st.floats(0, 60)), max_size=7),
        st.floats(1, 60),
        st.booleans(),
        st.integers(0, 10**9),
        st.sampled_from(sorted(RATES)),
    ),
    min_size=1,
    max_size=25,
)


def build(histories: list) -> Paths:
    """Random histories in three currencies, as paths with their worth in the company's."""
    touches = [
        (number, channel, at)
        for number, (history, ended, *_) in enumerate(histories)
        for channel, at in history
        if at <= ended
    ]
    worth = [
        convert(Money(minor, currency), RATES[currency], "EUR").minor if won else 0
        for _, _, won, minor, currency in histories
    ]
    paths = paths_of(
        [t[0] for t in touches],
        [t[1] for t in touches],
        at=[t[2] for t in touches],
        ended=[ended for _, ended, *_ in histories],
        worth=worth,
    )
    won = np.array([float(history[2]) for history in histories])
    return replace(paths, wins=won, nulls=1 - won)


@given(journeys)
def test_money_adds_up_to_the_cent_in_every_model(histories: list) -> None:
    paths = build(histories)
    for model in MODELS:
        credited, rest = credit_to_the_cent(paths, model)
        assert int(credited.sum()) + rest == int(paths.worth.sum()), model
        assert (credited >= 0).all()
        wins = attribute(paths, model)
        if model != "markov" or removal_effects(paths).any():
            assert wins.sum() == pytest.approx(paths.wins[paths.touched].sum())


@given(journeys)
def test_each_deal_is_shared_out_as_the_largest_remainder_says(histories: list) -> None:
    paths = build(histories)
    for model, rule in RULES.items():
        minor, weight = share_of_touches(paths, model), rule(paths)
        for number, (begin, end) in enumerate(zip(paths.offsets[:-1], paths.offsets[1:], strict=True)):
            if begin == end:
                continue
            assert minor[begin:end].sum() == paths.worth[number]
            by_hand = allocate(int(paths.worth[number]), [float(w) for w in weight[begin:end]])
            assert np.abs(minor[begin:end] - by_hand).max() <= 1, model


def removed_by_hand(paths: Paths, *, of: str = "wins") -> np.ndarray:
    """Solve the chain anew without each channel: whoever would come there is lost. Worth is per visit that is last."""
    size, start, won, lost = paths.channels, paths.channels, paths.channels + 1, paths.channels + 2
    seen, worth = np.zeros((size + 3, size + 3)), np.zeros(size + 1)
    for number in range(len(paths.wins)):
        steps = list(paths.channel[paths.offsets[number] : paths.offsets[number + 1]])
        if not steps:
            continue
        times = paths.wins[number] + paths.nulls[number]
        for here, there in zip([start, *steps], steps, strict=False):
            seen[here, there] += times
        seen[steps[-1], won] += paths.wins[number]
        seen[steps[-1], lost] += paths.nulls[number]
        worth[steps[-1]] += paths.worth[number]
    visits = np.maximum(seen.sum(axis=1)[: size + 1], 1e-300)

    def chance(without: int | None) -> float:
        moves = seen / np.maximum(seen.sum(axis=1, keepdims=True), 1e-300)
        if without is not None:
            moves[:, lost] += moves[:, without]
            moves[:, without] = 0
        inner = moves[: size + 1, : size + 1]
        last = moves[: size + 1, won] if of == "wins" else worth / visits
        if without is not None:
            last[without] = 0  # nobody comes there
        return float(np.linalg.solve(np.eye(size + 1) - inner, last)[start])

    whole = chance(None)
    return np.array([1 - chance(channel) / whole if whole else 0.0 for channel in range(size)])


@given(journeys)
def test_markov_is_what_removing_each_channel_gives(histories: list) -> None:
    paths = build(histories)
    assert np.abs(removal_effects(paths) - removed_by_hand(paths)).max(initial=0.0) < 1e-9
    of_worth = removal_effects(paths, of="worth") - removed_by_hand(paths, of="worth")
    assert np.abs(of_worth).max(initial=0.0) < 1e-9


def test_markov_by_pencil() -> None:
    """Three who came by a, of whom the one that then met b bought; one who met b alone did not."""
    paths, names = paths_of_text(["a > b", "a", "b"], [1, 0, 0], [0, 2, 1], [1, 0, 0])
    assert names == ["a", "b"]
    # From start: a 3/4, b 1/4. From a: b 1/3, lost 2/3. From b: won 1/2. Chance to win 1/2 (1/4 + 3/4 * 1/3) = 1/4.
    assert removal_effects(paths) == pytest.approx([1 - (1 / 8) / (1 / 4), 1.0])


def test_money_follows_what_wins_are_worth() -> None:
    """As many come by a as by b and as many of them buy, but those of a buy for three times as much."""
    paths, _ = paths_of_text(["a", "b"], [1, 1], [1, 1], [300, 100])
    assert attribute(paths, "markov") == pytest.approx([1, 1])
    assert list(credit_to_the_cent(paths, "markov")[0]) == [300, 100]


@pytest.fixture(scope="module")
def path_data() -> tuple[Paths, list[str]]:
    if not DATA.exists():
        pytest.skip("the path data is not beside this checkout: ../shared/data/attribution")
    with gzip.open(DATA, "rt") as file:
        rows = list(csv.DictReader(file))
    return paths_of_text(
        [row["path"] for row in rows],
        [float(row["total_conversions"]) for row in rows],
        [float(row["total_null"]) for row in rows],
        [round(float(row["total_conversion_value"]) * 1000) for row in rows],
    )


@pytest.mark.parametrize("model", MODELS)
def test_the_known_paths_are_credited_in_full(path_data: tuple[Paths, list[str]], model: str) -> None:
    paths, names = path_data
    assert len(names) == 12
    assert attribute(paths, model).sum() == pytest.approx(19_785, abs=1e-6)
    credited, rest = credit_to_the_cent(paths, model)
    assert (int(credited.sum()), rest) == (int(paths.worth.sum()), 0)


def test_the_known_paths_by_hand(path_data: tuple[Paths, list[str]]) -> None:
    paths, _ = path_data
    assert np.abs(removal_effects(paths) - removed_by_hand(paths)).max() < 1e-9
