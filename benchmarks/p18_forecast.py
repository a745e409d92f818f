"""P18: how good forecasts of demo companies would have been, made on the first day of every month that is over."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from benchmarks.judging import told
from benchmarks.result import Result, Row
from leadloop.tracking.forecast.accuracy import Accuracy, Point, accuracy

SEEDS = range(11, 16)
LEADS = 8_000
MODEL, WEIGHTED, COMMIT, RUN_RATE = "model", "stage_weighted", "commit", "run_rate"
LABELS = {WEIGHTED: "stage-weighted", COMMIT: "commit", RUN_RATE: "run rate"}
HORIZONS = ("the month itself", "one month ahead", "two months ahead")
LOWER = 0.15
INSIDE = (0.75, 0.85)


@dataclass(frozen=True)
class Duel:
    """The model against the baseline that came closest in hindsight, over the months of which both spoke."""

    baseline: str
    ours: float
    theirs: float
    months: int

    @property
    def lower(self) -> float:
        """By what share the model's MAPE is lower; negative where it is higher."""
        return 1 - self.ours / self.theirs


def measure() -> Result:
    """See the module. Each company stands in an installation of its own."""
    companies = [[_point(one) for one in company["points"]] for company in told("foretold", SEEDS, LEADS)]
    return result(dict(zip(SEEDS, companies, strict=True)))


def result(companies: dict[int, list[Point]]) -> Result:
    """What the points of companies, by seed, come to."""
    every = [one for points in companies.values() for one in points]
    rows = [_row(f"seed {seed}", duel(points)) for seed, points in companies.items()]
    rows.append(_row("all companies together", duel(every)))
    rows += [
        _row(f"all companies, {label}", duel([one for one in every if one.ahead == ahead]))
        for ahead, label in enumerate(HORIZONS)
    ]
    rows.append(_coverage(accuracy(every, MODEL)))
    return Result("P18", rows, _notes(every))


def duel(points: Sequence[Point]) -> Duel:
    """Against the baseline that is hardest to beat: the one against which the model does worst."""
    duels = []
    for baseline in LABELS:
        spoke = {(one.month, one.ahead, one.actual) for one in points if one.method == baseline}
        both = [one for one in points if (one.month, one.ahead, one.actual) in spoke]
        ours, theirs = accuracy(both, MODEL), accuracy(both, baseline)
        if ours.mape is not None and theirs.mape:
            duels.append(Duel(baseline, ours.mape, theirs.mape, theirs.months))
    return min(duels, key=lambda one: one.lower)


def _row(what: str, one: Duel) -> Row:
    return Row(
        f"MAPE, {what}",
        f"{one.ours:.1%}".replace("%", " %"),
        f"{one.theirs:.1%} by {LABELS[one.baseline]}, {one.months} months".replace("%", " %"),
        f"{one.lower:+.0%} lower".replace("%", " %"),
        f"{LOWER:.0%} lower than the best baseline".replace("%", " %"),
        one.lower >= LOWER,
    )


def _coverage(model: Accuracy) -> Row:
    share = model.coverage or 0.0
    return Row(
        "months between P10 and P90",
        f"{share:.0%}".replace("%", " %"),
        f"of {model.months}",
        "80 % when ranges are right",
        "75 to 85 %",
        INSIDE[0] <= share <= INSIDE[1],
    )


def _point(plain: dict[str, Any]) -> Point:
    return Point(**plain | {"month": date.fromisoformat(plain["month"])})


def _notes(every: Sequence[Point]) -> list[str]:
    means = "; ".join(f"{label} {_said(accuracy(every, name))}" for name, label in [(MODEL, "model"), *LABELS.items()])
    return [
        f"Seeds {SEEDS[0]} to {SEEDS[-1]}, {LEADS:,} people who ask in 18 months. A forecast is made as of the first"
        " moment of every month, for that month and the next two, from what was known then; months are those for which"
        " there were enough closed deals to learn from. Nothing is fitted to these companies: what is fixed in the"
        " model was fixed on others (seeds 1 to 4).",
        "The best baseline is chosen in hindsight, for each row anew: the one against which the model does worst, over"
        " the months of which that baseline spoke. Salespeople of the demo commit in the middle of a month to the next,"
        " so commits speak for the month itself alone.",
        f"Over all months each spoke for: {means}.",
    ]


def _said(one: Accuracy) -> str:
    if one.mape is None or one.bias is None:
        return "said nothing"
    return f"MAPE {one.mape:.0%}, bias {one.bias:+.0%}, {one.months} months".replace("%", " %")
