"""The loop page: every part with its keeper, its promise and the money that leaks there today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from leadloop.agreement.contracts import Terms
from leadloop.capture.queries import balance
from leadloop.front.company.periods import before, rows_url
from leadloop.front.templatetags.ui import money_short, percent
from leadloop.platform.queries import names
from leadloop.tracking.contracts import FollowUp, FunnelStep, Period, Standing
from leadloop.tracking.queries import count, follow_up, funnel, kept_by_week, loop_table

ICONS = {
    "capture": "door-enter",
    "qualification": "filter",
    "nurturing": "mail",
    "distribution": "users",
    "selling": "briefcase",
}
CAPTURE_STAGE = "merged"  # whoever keeps capture keeps the stage of double records, too
GOAL = 0.95  # what counts as kept well; under the risk edge the card turns
RISK = 0.8

# Sourced figures of the field, shown beside our own; see product notes in docs/concepts.md.
FOLLOW_UP_FIELD = "10–25 %"


def loop_page(period: Period, *, terms: Terms, now: datetime, currency: str) -> dict[str, Any]:
    """Everything the page needs, as of `now`."""
    parts = loop_table(period, terms=terms, now=now)
    earlier = {part.key: part for part in loop_table(before(period), terms=terms, now=now)}
    weeks = kept_by_week(now)
    keepers = names({part.keeper_id for part in parts} | {terms.keeper(CAPTURE_STAGE)})
    worst = max(parts, key=lambda part: part.leaking)
    followed = follow_up(period)
    return {
        "sentence": _sentence(parts, worst, period, currency),
        "stages": [
            _capture_card(period, terms, keepers),
            *(
                _card(part, earlier[part.key], weeks, keepers, terms, period, currency, worst=part is worst)
                for part in parts
            ),
        ],
        "stats": _stats(followed, period),
        **_funnel(funnel(period), funnel(before(period)), period),
        "leaks": _leaks(parts, period, currency),
        "follow_up": _follow_up(followed, period),
    }


def _capture_card(period: Period, terms: Terms, keepers: Mapping[int, str]) -> dict[str, Any]:
    """The first part of the loop: what arrived, and how much of it could be taken in."""
    days = balance(first=period.start.date(), last=period.end.date())
    received, waiting = sum(day.received for day in days), sum(day.waiting for day in days)
    aside = sum(day.held for day in days)
    keeper = terms.keeper(CAPTURE_STAGE)
    measured = f"of {received:,} read, {aside:,} quarantined"
    return {
        "key": "capture",
        "icon": ICONS["capture"],
        "name": "Capture",
        "promise": "Nothing is lost: stored before it is acknowledged",
        "value": count("capture.taken_in", {"start": period.start, "end": period.end}),
        "url": rows_url("capture.taken_in", period),
        "figure": f"{(received - aside - waiting) / received:.0%}".removesuffix("%") if received else "–",
        "unit": "%" if received else "",
        "state": "late" if waiting else "ok",
        "spark": [1.0] * 8,
        "measured": measured,
        "promised": "100\u00a0%",
        "delta": None,
        "owner_name": keepers.get(keeper, ""),
        "owner_id": keeper,
        "leak": "",
        "worst": False,
    }


def _sentence(parts: Sequence[Standing], worst: Standing, period: Period, currency: str) -> dict[str, Any]:
    leaking, late = sum(part.leaking for part in parts), sum(part.late_leads for part in parts)
    if not late:
        return {"figure": None, "words": "Nothing is late: every open lead is within its promise.", "cause": None}
    share = f"{worst.leaking / leaking:.0%}".replace("%", "\u00a0%") if leaking else ""
    return {
        "figure": {
            "value": worst.late_leads,
            "url": rows_url(f"loop.{worst.key}.late", period),
            "label": money_short(leaking, currency),
            "state": "late",
        },
        "words": f"is leaking out of the loop today, in {late} late leads.",
        "cause": {
            "before": f"{share} of it in" if share else "Most of it in",
            "label": worst.label,
            "url": f"#part-{worst.key}",
            "after": f": {worst.late_leads} leads are past their time there.",
        },
    }


def _card(
    part: Standing,
    earlier: Standing,
    weeks: Mapping[str, list[float]],
    keepers: Mapping[int, str],
    terms: Terms,
    period: Period,
    currency: str,
    *,
    worst: bool,
) -> dict[str, Any]:
    rate = part.kept_rate
    clause = terms.clauses.promises[part.promise]
    state = "none" if rate is None else "ok" if rate >= GOAL else "risk" if rate >= RISK else "late"
    delta = None
    if rate is not None and earlier.kept_rate is not None:
        delta = round((rate - earlier.kept_rate) * 100)
    return {
        "key": part.key,
        "icon": ICONS[part.key],
        "name": part.label,
        "promise": f"{clause.label} within {clause.text()}",
        "value": part.kept,
        "url": rows_url(f"loop.{part.key}.kept", period),
        "figure": "–" if rate is None else f"{rate:.0%}".removesuffix("%"),
        "unit": "" if rate is None else "%",
        "state": state,
        "spark": weeks.get(part.promise, [1.0] * 8),
        "measured": f"kept in time, {part.open_leads} leads here",
        "promised": f"{GOAL:.0%}".replace("%", "\u00a0%"),
        "delta": delta,
        "owner_name": keepers.get(part.keeper_id, ""),
        "owner_id": part.keeper_id,
        "leak": money_short(part.leaking, currency) if part.late_leads else "",
        "leak_value": part.late_leads,
        "leak_url": rows_url(f"loop.{part.key}.late", period),
        "worst": worst and bool(part.late_leads),
    }


def _stats(followed: Sequence[FollowUp], period: Period) -> list[dict[str, Any]]:
    if not followed:
        return []
    all_of_us = followed[0]
    return [
        {
            "label": "Followed up",
            "shown": percent(all_of_us.rate),
            "value": all_of_us.contacted,
            "url": rows_url("follow_up.contacted", period),
        },
        {"label": "First contact, median", "shown": span(all_of_us.p50_seconds)},
        {"label": "In the field", "shown": FOLLOW_UP_FIELD},
    ]


def span(seconds: float | None) -> str:
    """Seconds in words: "3 min", "5.2 h", "2.1 d"; a dash for None."""
    if seconds is None:
        return "–"
    if seconds < 3600:
        return f"{seconds / 60:.0f} min"
    return f"{seconds / 3600:.1f} h" if seconds < 48 * 3600 else f"{seconds / 86400:.1f} d"


def _funnel(steps: Sequence[FunnelStep], earlier: Sequence[FunnelStep], period: Period) -> dict[str, Any]:
    old = {step.measure: step.of_before for step in earlier}
    shown = [
        {
            "name": step.label,
            "count": step.leads,
            "url": rows_url(step.measure, period),
            "of_before": step.of_before,
            "delta": _points(step.of_before, old.get(step.measure)),
        }
        for step in steps
    ]
    table = {
        "caption": "Funnel",
        "columns": [{"label": x, "numeric": x != "Step"} for x in ("Step", "Leads", "Of step before", "Of all")],
        "rows": [
            {
                "cells": [
                    step.label,
                    {"value": step.leads, "url": rows_url(step.measure, period), "text": "", "numeric": True},
                    {"text": percent(step.of_before), "numeric": True},
                    {"text": percent(step.of_all), "numeric": True},
                ]
            }
            for step in steps
        ],
    }
    return {"funnel_shape": [(s.label, s.leads) for s in steps], "funnel_steps": shown, "funnel_table": table}


def _points(now: float | None, then: float | None) -> int | None:
    return round((now - then) * 100) if now is not None and then is not None else None


def _leaks(parts: Sequence[Standing], period: Period, currency: str) -> list[dict[str, Any]]:
    leaking = sorted((part for part in parts if part.late_leads), key=lambda part: -part.leaking)
    most = max((part.leaking for part in leaking), default=0)
    return [
        {
            "name": f"Late in {part.label.lower()}",
            "amount": money_short(part.leaking, currency),
            "detail": f"{part.late_leads} of {part.open_leads} open leads are past their time",
            "value": part.late_leads,
            "url": rows_url(f"loop.{part.key}.late", period),
            "share": round(100 * part.leaking / most) if most else 0,
        }
        for part in leaking
    ]


def _follow_up(rows: Sequence[FollowUp], period: Period) -> dict[str, Any]:
    people = names({row.user_id for row in rows if row.user_id})
    labels = (
        "Who",
        "Handed over",
        "Followed up",
        "Share",
        "Never",
        "Given back",
        "Pulled back",
        "Median",
        "Nine of ten",
    )
    return {
        "caption": "Follow-up",
        "columns": [{"label": label, "numeric": label != "Who"} for label in labels],
        "empty": "Nothing was handed over in this period.",
        "rows": [
            {
                "cells": [
                    people.get(row.user_id, "") if row.user_id else "Everybody",
                    _figure("follow_up.handed_over", row.handed_over, row, period),
                    _figure("follow_up.contacted", row.contacted, row, period),
                    {"text": percent(row.rate), "numeric": True},
                    _figure("follow_up.untouched", row.untouched, row, period),
                    {"text": str(row.rejected), "numeric": True},
                    {"text": str(row.pulled_back), "numeric": True},
                    {"text": span(row.p50_seconds), "numeric": True},
                    {"text": span(row.p90_seconds), "numeric": True},
                ]
            }
            for row in rows
        ],
    }


def _figure(measure: str, value: int, row: FollowUp, period: Period) -> dict[str, Any]:
    return {"value": value, "url": rows_url(measure, period, user=row.user_id), "text": "", "numeric": True}
