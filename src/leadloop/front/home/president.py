"""The president's one page: will we make the number, what fills the pipeline, what goes well and what does not."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from leadloop.agreement.queries import in_force
from leadloop.front.company.periods import before, last_days, rows_url
from leadloop.front.forecast.page import forecast_page
from leadloop.front.forecast.reach import Part
from leadloop.front.home.lists import Asked, address, filters
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, grown, line, panel, picked, points, stat
from leadloop.front.templatetags.ui import money_short, percent
from leadloop.selling.contracts import Tally
from leadloop.selling.queries import cycle_days, tally
from leadloop.tracking.contracts import Period
from leadloop.tracking.queries import count, follow_up, loop_table

BEST = 3
SMALL = 2  # changes below are called none


@dataclass(frozen=True, slots=True)
class Change:
    """A figure beside the one of the period before. `delta` is in percent or points; `good` says which way it went."""

    label: str
    detail: str
    delta: int
    url: str
    value: int | None

    @property
    def good(self) -> bool:
        """Whether it got better."""
        return self.delta > 0


def president_page(at: Moment, days: int) -> Piece:
    """Everything the page needs, in a constant number of queries."""
    foreseen = forecast_page(at.viewer, Part(None), at.month, us=at.us, now=at.now)
    held = _deals(at, days)
    changes = _changes(at, days, held)
    chart = foreseen["chart"]
    course = {"id": "course", "title": "Won and foreseen", "scope": "by month, with its range and the plan"}
    quarters = foreseen["quarters"]
    return {
        "sentence": foreseen["sentence"],
        "stats": [*picked(foreseen["stats"], "Won so far", "Plan"), *_stats(at, days, held)],
        "how": [
            "The forecast is that of the page Forecast. New pipeline: deals opened in the period, each at "
            "today's rate. Win "
            "rate: deals won, divided by those won or lost in the period. Cycle: days from opening a deal to "
            "winning it "
            "that half of the deals won in the period did not exceed. Each is compared with as many days before."
        ],
        "charts": [{**course, **chart}] if chart else [],
        "main": [
            panel("quarters", "By fiscal quarter", "", table=quarters, words="No quarter is foreseen yet.",
                  how="Percentiles of the newest forecast over the months of the quarter, beside the plans of "
                      "its months.")
        ],
        "side": [
            _side("good", "Going well", [one for one in changes if one.good][:BEST], "ok",
                  "Nothing got clearly better than in the period before."),
            _side("bad", "Going badly", [one for one in reversed(changes) if not one.good][:BEST], "late",
                  "Nothing got clearly worse than in the period before."),
        ],
    }  # fmt: skip


def _deals(at: Moment, days: int) -> Mapping[str, Tally]:
    now, then = Asked(days=days), Asked(days=days, before=True)
    each = {f"{name} {when}": filters(name, at, asked) for name in ("deals-opened", "deals-won", "deals-lost")
            for when, asked in (("now", now), ("then", then))}  # fmt: skip
    return tally(at.viewer, each, now=at.now)[None]


def _rate(held: Mapping[str, Tally], when: str) -> float | None:
    won, lost = held[f"deals-won {when}"].count, held[f"deals-lost {when}"].count
    return won / (won + lost) if won + lost else None


def _stats(at: Moment, days: int, held: Mapping[str, Tally]) -> list[Piece]:
    opened, then = held["deals-opened now"], held["deals-opened then"]
    rate = _rate(held, "now")
    cycle = cycle_days(at.viewer, closed_from=at.days_ago(days), closed_before=at.now)
    was = cycle_days(at.viewer, closed_from=at.days_ago(2 * days), closed_before=at.days_ago(days))
    won = held["deals-won now"].count
    return [
        stat(f"New pipeline, {days} d", money_short(opened.minor, at.us.currency), opened.count,
             address("deals-opened", days=days), delta=grown(opened.minor, then.minor), unit="%"),
        stat("Win rate", percent(rate), won, address("deals-won", days=days),
             delta=points(rate, _rate(held, "then")), unit="points")
        if rate is not None else stat("Win rate", "nothing closed"),
        stat("Cycle", f"{cycle:.0f} d", won, address("deals-won", days=days),
             delta=round(cycle - was) if was is not None else None, unit="d", better="down")
        if cycle is not None else stat("Cycle", "nothing won"),
    ]  # fmt: skip


def _changes(at: Moment, days: int, held: Mapping[str, Tally]) -> list[Change]:
    """What changed against the period before, the best first."""
    period = last_days(days, at.now, at.us.zone)
    found = [_came(period), *_pipeline(at, days, held), *_won(days, held), *_followed(period), *_kept(at, period)]
    return sorted((one for one in found if abs(one.delta) >= SMALL), key=lambda one: -one.delta)


def _grew(label: str, now: int, then: int, url: str, value: int, shown: Sequence[str]) -> list[Change]:
    change = grown(now, then)
    if change is None:
        return []
    moved = f"{shown[0]}, {'up' if change > 0 else 'down'} {abs(change)}\u00a0% from {shown[1]}"
    return [Change(label, moved, change, url, value)]


def _came(period: Period) -> Change:
    now, then = (count("capture.taken_in", {"start": one.start, "end": one.end}) for one in (period, before(period)))
    found = _grew("Inquiries", now, then, rows_url("capture.taken_in", period), now, (f"{now:,}", f"{then:,}"))
    return found[0] if found else Change("Inquiries", "", 0, "", None)


def _pipeline(at: Moment, days: int, held: Mapping[str, Tally]) -> list[Change]:
    now, then = held["deals-opened now"], held["deals-opened then"]
    shown = [money_short(one.minor, at.us.currency) for one in (now, then)]
    return _grew("New pipeline", now.minor, then.minor, address("deals-opened", days=days), now.count, shown)


def _won(days: int, held: Mapping[str, Tally]) -> list[Change]:
    rate, was = _rate(held, "now"), _rate(held, "then")
    return _moved("Win rate", rate, was, address("deals-won", days=days), held["deals-won now"].count)


def _followed(period: Period) -> list[Change]:
    now, then = follow_up(period)[:1], follow_up(before(period))[:1]
    if not now or not then:
        return []
    return _moved("Follow-up", now[0].rate, then[0].rate, rows_url("follow_up.contacted", period), now[0].contacted)


def _kept(at: Moment, period: Period) -> list[Change]:
    terms = in_force()
    earlier = {one.key: one for one in loop_table(before(period), terms=terms, now=at.now)}
    found: list[Change] = []
    for part in loop_table(period, terms=terms, now=at.now):
        url = rows_url(f"loop.{part.key}.kept", period)
        label = f"Promises kept in {part.label.lower()}"
        found += _moved(label, part.kept_rate, earlier[part.key].kept_rate, url, part.kept)
    return found


def _moved(label: str, now: float | None, then: float | None, url: str, value: int) -> list[Change]:
    change = points(now, then)
    if change is None:
        return []
    words = f"{percent(now)}, {'up' if change > 0 else 'down'} {abs(change)} points from {percent(then)}"
    return [Change(label, words, change, url, value)]


def _side(key: str, title: str, found: Sequence[Change], state: str, nothing: str) -> dict[str, Any]:
    lines = [line(one.label, one.detail, one.url, state, value=one.value) for one in found]
    return panel(key, title, "against the period before", lines=lines, words=nothing,
                 how="Of inquiries, new pipeline, win rate, follow-up and the promises kept in each part of the "
                     "loop, those "
                 f"that changed most, in percent or points; below {SMALL} it counts as no change.")  # fmt: skip
