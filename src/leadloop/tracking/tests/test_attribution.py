"""Credit adds up whatever happened, and Markov's closed form is what removing each channel by hand gives."""

from __future__ import annotations

import csv
import gzip
from collections.abc import Iterable
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
    Legs,
    Paths,
    Touches,
    Won,
    attribute,
    chain_of,
    credit_to_the_cent,
    paths_of_text,
    removal_effects,
    walked,
)
from leadloop.tracking.attribution import packed as made
from leadloop.tracking.attribution import weights as rules
from leadloop.tracking.attribution.credit import RULES, share_of_touches
from leadloop.tracking.attribution.packed import Packing
from leadloop.tracking.attribution.paths import Whole

DATA = Path(__file__).resolve().parents[5] / "shared/data/attribution/channelattribution_pathdata.csv.gz"
RATES = {"EUR": Decimal(1), "USD": Decimal("0.9"), "JPY": Decimal("0.006")}


def one(text: str, worth: int = 100) -> tuple[Paths, list[str]]:
    return paths_of_text([text], [1], [0], [worth])


def paths_of(path: list[int], channel: list[int], at: list[float], ended: list[float], worth: list[int]) -> Paths:
    """Paths that were all won, each of one lead, of touches at so many days."""
    count, micros = len(ended), 86_400e6
    touches = Touches(_whole(path) + 1, _whole(channel), _whole([day * micros for day in at]))
    until = _whole([day * micros for day in ended])
    legs = Legs(np.arange(count), np.arange(count) + 1, until)

    def ranked(leads: Whole) -> tuple[Touches, Whole]:
        there = np.isin(touches.lead, leads)
        return touches.only(there), np.flatnonzero(there)

    return walked([touches], legs, Won(until, _whole(worth)), ranked).won


def _whole(values: Iterable[float]) -> Whole:
    return np.array([int(value) for value in values], dtype=np.int64)


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


LEADS, DEALS, OTHERS = 6, 4, 3
known = st.lists(
    st.tuples(
        st.integers(1, LEADS), st.integers(0, 3),
        st.sampled_from([0, 1, 999_999, 10**6, 10**6 + 1, 5 * 10**12, 5 * 10**12 + 1, 9 * 10**12]),
    ),
    max_size=40,
)  # fmt: skip
told = st.lists(
    st.tuples(st.integers(0, DEALS + OTHERS - 1), st.integers(1, LEADS), st.sampled_from([10**6, 5 * 10**12, 10**13])),
    max_size=12,
    unique_by=lambda leg: leg[:2],
)


@given(known=known, told=told, bits=st.sampled_from([63, 1]), shelves=st.sampled_from([0, 2, 8]))
def test_touches_become_the_paths_that_they_make_by_hand(
    known: list[tuple[int, int, int]], told: list[tuple[int, int, int]], bits: int, shelves: int
) -> None:
    """Several deals of one lead and several leads of one deal, two channels within a second, touches after the end;
    packed into numbers, which is quicker, and as they are."""
    lead, channel, moment = (np.array([one[part] for one in known], dtype=np.int64) for part in range(3))
    touches, rank = Touches(lead, channel * 5, moment), np.arange(len(known))[::-1].copy()
    legs = Legs(*(np.array([leg[part] for leg in told], dtype=np.int64) for part in range(3)))
    won = Won(np.full(DEALS, 10**13), np.arange(DEALS) * 10)

    def ranked(leads: Whole) -> tuple[Touches, Whole]:
        there = np.isin(lead, leads)
        return touches.only(there), rank[there]

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(made, "BITS", bits)
        patched.setattr(made, "SHELVES", shelves)
        pieces = [touches.only(np.arange(len(known)) % 3 == piece) for piece in range(3)]
        found = walked(pieces, legs, won, ranked)
    by_hand: list[list[tuple[int, int, int]]] = [[] for _ in range(DEALS + OTHERS)]
    for path, of_lead, until in told:
        by_hand[path] += [
            (at, int(rank[touch]), met) for touch, (who, met, at) in enumerate(known) if who == of_lead and at <= until
        ]
    expected = [[(met * 5, at // 10**6) for at, _, met in sorted(path)] for path in by_hand]
    assert list(found.met) == sorted({met for path in expected for met, _ in path})
    assert list(found.won.lengths) == [len(path) for path in expected[:DEALS]]
    assert list(found.met[found.won.channel]) == [met for path in expected[:DEALS] for met, _ in path]
    assert list(found.won.age) == [(10**7 - second) / 86_400 for path in expected[:DEALS] for _, second in path]
    assert (list(found.won.wins), list(found.won.worth)) == ([1] * DEALS, [0, 10, 20, 30])
    assert found.chain.touches == sum(map(len, expected))
    place = {int(met): number for number, met in enumerate(found.met)}
    flat = Paths(
        offsets=np.cumsum([0, *map(len, expected)]),
        channel=np.array([place[met] for path in expected for met, _ in path], dtype=np.int64),
        age=np.zeros(sum(map(len, expected))),
        wins=(np.arange(DEALS + OTHERS) < DEALS).astype(float),
        nulls=(np.arange(DEALS + OTHERS) >= DEALS).astype(float),
        worth=np.array([0, 10, 20, 30, *[0] * OTHERS]),
        channels=len(place),
    )
    for name in ("begun", "steps", "ended", "wins", "worth"):
        np.testing.assert_array_equal(getattr(found.chain, name), getattr(chain_of(flat), name), err_msg=name)


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
        if model != "markov" or removal_effects(chain_of(paths)).any():
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
    assert np.abs(removal_effects(chain_of(paths)) - removed_by_hand(paths)).max(initial=0.0) < 1e-9
    of_worth = removal_effects(chain_of(paths), of="worth") - removed_by_hand(paths, of="worth")
    assert np.abs(of_worth).max(initial=0.0) < 1e-9


def test_markov_by_pencil() -> None:
    """Three who came by a, of whom the one that then met b bought; one who met b alone did not."""
    paths, names = paths_of_text(["a > b", "a", "b"], [1, 0, 0], [0, 2, 1], [1, 0, 0])
    assert names == ["a", "b"]
    # From start: a 3/4, b 1/4. From a: b 1/3, lost 2/3. From b: won 1/2. Chance to win 1/2 (1/4 + 3/4 * 1/3) = 1/4.
    assert removal_effects(chain_of(paths)) == pytest.approx([1 - (1 / 8) / (1 / 4), 1.0])


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
    assert np.abs(removal_effects(chain_of(paths)) - removed_by_hand(paths)).max() < 1e-9
