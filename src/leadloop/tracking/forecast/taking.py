"""Today's forecast, computed and kept: by the worker every night, or by hand. Needs numpy.

Days on which nobody made one are computed afterwards from what had been known then, so that there is a record from
the start; they are marked as replayed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import numpy as np
from django.db import transaction

from leadloop.platform.queries import company
from leadloop.tracking.forecast import rules
from leadloop.tracking.forecast.backtest import Trial, backtest, baselines, correction_at, whole_course
from leadloop.tracking.forecast.foreseeing import Foreseen, Setting, corrected, foresee
from leadloop.tracking.forecast.history import Floats, known_at, won_between
from leadloop.tracking.forecast.loading import CASH_MONTHS, Book, load
from leadloop.tracking.forecast.models import Figure, Outlook, Snapshot
from leadloop.tracking.forecast.queries import commits_on
from leadloop.tracking.forecast.simulate import Values
from leadloop.tracking.forecast.topdown import past_months, top_down

MONTHS = 6
PERCENTILES = (0.1, 0.5, 0.9)


def take(now: datetime, *, runs: int | None = None, on: Callable[[date], None] = lambda _: None) -> int:
    """Make the forecast of today and return its id; a second one on the same day replaces the first.

    `on` is told of every past month that is computed on the way.
    """
    us = company()
    today = now.astimezone(ZoneInfo(us.zone)).date()
    book = load()
    setting = _setting(book, us.fiscal_year_start, runs)
    record = _record(book, setting, us.zone, now, on)
    months = rules.months_from(rules.month_of(today), MONTHS)
    moment = rules.moment_of(now)
    bounds = np.array(rules.edges(months, us.zone))
    found = foresee(book.deals, moment, bounds, book.shares, book.counts, setting) if len(book.deals) else None
    figures, plain = [], _plain(book, moment, months, us.zone, setting, today)
    if found is None:
        figures = [
            Figure(kind="all", month=month, won=_won(book, bounds, i, moment), **plain[i])
            for i, month in enumerate(months)
        ]
    else:
        top = _top(book, months, bounds, moment, us.zone, setting)
        better = np.stack(
            [
                corrected(found.runs[:, i], float(top[i]), correction_at(record, months[0], i))
                for i in range(len(months))
            ],
            axis=1,
        )
        figures = _figures(book, found, better, top, months, bounds, moment, plain)
        figures += _quarters(book, better, months, us.fiscal_year_start, us.zone, moment)
    return _keep(book, found, figures, today, now)


def try_past(now: datetime, *, runs: int | None = None, on: Callable[[date], None] = lambda _: None) -> list[Trial]:
    """Try every month that is over by now anew, whatever stands; nothing is kept."""
    us = company()
    book = load()
    moment = rules.moment_of(now)
    deals = known_at(book.deals, moment)
    course = whole_course(deals, zone=us.zone, until=moment) if len(deals) else None
    if course is None:
        return []
    commits = commits_on(course.origins, us.zone)
    return backtest(deals, course, _setting(book, us.fiscal_year_start, runs), commits=commits, on=on)


def _setting(book: Book, fiscal_start: int, runs: int | None) -> Setting:
    return Setting(book.percents, fiscal_start, **({"runs": runs} if runs else {}))


def _record(book: Book, setting: Setting, zone: str, now: datetime, on: Callable[[date], None]) -> list[Trial]:
    """Every trial of past months: those that stand, and those that were missing, which are kept as well."""
    course = whole_course(book.deals, zone=zone, until=rules.moment_of(now)) if len(book.deals) else None
    if course is None:
        return []
    stood = _stood(book, course.origins, course.last, zone)
    commits = commits_on(course.origins, zone)
    new = backtest(book.deals, course, setting, commits=commits, known=stood, on=on)
    with transaction.atomic():
        for origin in sorted({one.origin for one in new}):
            trials = [one for one in new if one.origin == origin]
            snapshot, _ = Snapshot.objects.update_or_create(
                day=origin,
                defaults={
                    "at": now,
                    "replayed": True,
                    "closed_deals": 0,
                    "open_deals": 0,
                    "foreseen": trials[0].p50 is not None,
                    "unconverted": list(book.unconverted),
                },
            )
            Figure.objects.filter(snapshot=snapshot).delete()
            Figure.objects.bulk_create(_figure_of(snapshot.id, one) for one in trials)
    return [*stood, *new]


def _figure_of(snapshot_id: int, one: Trial) -> Figure:
    names = ("p10", "p50", "p90", "inflow", "weighted", "commit", "run_rate")
    whole = {name: None if getattr(one, name) is None else round(getattr(one, name)) for name in names}
    return Figure(
        snapshot_id=snapshot_id, kind="all", month=one.month, won=0, mean=one.mean, sd=one.sd, top=one.top, **whole
    )


def _stood(book: Book, origins: Sequence[date], last: date, zone: str) -> list[Trial]:
    """The trials of origins whose forecast stands."""
    names = ("month", "weighted", "run_rate", "commit", "mean", "sd", "top", "p10", "p50", "p90", "inflow")
    rows = Figure.objects.filter(kind="all", snapshot__day__in=list(origins)).order_by("snapshot__day", "month")
    found = []
    for day, *values in rows.values_list("snapshot__day", *names):
        said = dict(zip(names, values, strict=True))
        start, end = rules.edges([said["month"]], zone)
        came = won_between(book.deals, start, end) if said["month"] <= last else None
        found.append(Trial(origin=day, actual=came, **said))
    return found


def _plain(
    book: Book, moment: float, months: Sequence[date], zone: str, setting: Setting, today: date
) -> list[dict[str, int | None]]:
    """The baselines of each month, in whole minor units."""
    if not len(book.deals):
        return [{} for _ in months]
    commits = commits_on([today], zone)
    said = [commits.get((today, month)) for month in months]
    found = baselines(book.deals, moment, months, zone, setting, said)
    return [{name: None if value is None else round(value) for name, value in one.items()} for one in found]


def _top(book: Book, months: Sequence[date], bounds: Floats, moment: float, zone: str, setting: Setting) -> Floats:
    """What the months would bring if the company went on as it did; of the running one the part that is left."""
    found = top_down(*past_months(book.deals, months[0], zone), list(months), setting.fiscal_start)
    found[0] *= (bounds[1] - moment) / (bounds[1] - bounds[0])
    return found


def _won(book: Book, bounds: Floats, month: int, moment: float) -> int:
    return round(won_between(book.deals, bounds[month], min(bounds[month + 1], moment)))


def _figures(
    book: Book,
    found: Foreseen,
    better: Values,
    top: Floats,
    months: Sequence[date],
    bounds: Floats,
    moment: float,
    plain: Sequence[dict[str, int | None]],
) -> list[Figure]:
    """Months of all, of teams, of products in money and units, and of cash."""
    made = []
    so_far = _columns_won(book, bounds, moment)
    for i, month in enumerate(months):
        raw = found.runs[:, i, 0]
        more = {"mean": float(raw.mean()), "sd": float(raw.std()), "top": float(top[i])}
        for at, column in enumerate((*book.money, *book.units)):
            if column.kind == "cash":
                continue
            won = so_far[at] if i == 0 else 0.0
            extra = {**plain[i], **more, "inflow": round(float(found.inflow[i]))} if column.kind == "all" else {}
            made.append(_figure(column.kind, column.key, month, won, better[:, i, at], extra))
    return made + _cash(book, better, months, bounds, moment)


def _figure(kind: str, key: int, month: date, won: float, runs: Values, extra: Mapping[str, object]) -> Figure:
    low, middle, high = (round(won + float(value)) for value in np.quantile(runs, PERCENTILES))
    return Figure(kind=kind, key=key, month=month, won=round(won), p10=low, p50=middle, p90=high, **extra)


def _columns_won(book: Book, bounds: Floats, moment: float) -> Floats:
    """What deals won in the running month have added to every column."""
    deals = book.deals
    late = deals.won & (deals.closed >= bounds[0]) & (deals.closed < min(bounds[1], moment))
    return np.hstack([(deals.worth[late, None] * book.shares[late]).sum(axis=0), book.counts[late].sum(axis=0)])


def _cash(book: Book, better: Values, months: Sequence[date], bounds: Floats, moment: float) -> list[Figure]:
    """What comes in each month: from deals won already, and from those to be won, by their payment terms."""
    deals, columns = book.deals, [i for i, column in enumerate(book.money) if column.kind == "cash"]
    length = float(np.mean(np.diff(bounds)))
    age = np.ceil((bounds[0] - deals.closed) / length)  # months between the win and the running month
    made = []
    for i, month in enumerate(months):
        after = np.where(deals.won & (deals.closed < moment), np.maximum(age, 0) + i, CASH_MONTHS)
        paid = np.flatnonzero(after < CASH_MONTHS)
        due = float((deals.worth[paid] * book.shares[paid, columns[0] + after[paid].astype(np.int64)]).sum())
        runs = sum(better[:, won, columns[0] + i - won] for won in range(i + 1))
        made.append(_figure("cash", 0, month, due, np.asarray(runs), {}))
    return made


def _quarters(
    book: Book, better: Values, months: Sequence[date], fiscal_start: int, zone: str, moment: float
) -> list[Figure]:
    """The running fiscal quarter and the next one, as far as all their months are foreseen."""
    made = []
    running = rules.quarter_of(months[0], fiscal_start)
    for quarter in (running, rules.months_from(rules.month_after(running[0], 3), 3)):
        bounds = rules.edges(quarter, zone)
        won = sum(won_between(book.deals, start, min(end, moment)) for start, end in pairwise(bounds))
        ahead = [i for i, month in enumerate(months) if month in quarter]
        made.append(_figure("quarter", 0, quarter[0], won, better[:, ahead, 0].sum(axis=1), {}))
    return made


def _keep(book: Book, found: Foreseen | None, figures: Sequence[Figure], today: date, now: datetime) -> int:
    deals, moment = book.deals, rules.moment_of(now)
    with transaction.atomic():
        Snapshot.objects.filter(day=today).delete()
        snapshot = Snapshot.objects.create(
            day=today,
            at=now,
            closed_deals=int((deals.closed <= moment).sum()),
            open_deals=int((deals.closed > moment).sum()),
            foreseen=found is not None,
            unconverted=list(book.unconverted),
        )
        for figure in figures:
            figure.snapshot_id = snapshot.id
        Figure.objects.bulk_create(figures)
        Outlook.objects.all().delete()
        if found is not None:
            Outlook.objects.bulk_create(_outlooks(book, found, snapshot.id))
    return int(snapshot.id)


def _outlooks(book: Book, found: Foreseen, snapshot_id: int) -> list[Outlook]:
    ahead = found.outlook
    return [
        Outlook(
            snapshot_id=snapshot_id,
            opportunity_id=int(book.deals.id[place]),
            minor=round(float(ahead.worth[i])),
            chance=round(float(ahead.chance[i]), 4),
            by_month=[round(float(one), 4) for one in found.by_month[i]],
            weeks=float(ahead.median[i]),
            slip_days=None if np.isnan(ahead.slip[i]) else round(float(ahead.slip[i]), 1),
        )
        for i, place in enumerate(ahead.place)
    ]
