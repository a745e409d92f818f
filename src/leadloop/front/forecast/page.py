"""What the forecast page shows: the month with its range, plan and gap, who says what, and how good it has been."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from leadloop.catalogue.queries import products
from leadloop.front.forecast import tables
from leadloop.front.forecast.chart import band
from leadloop.front.forecast.reach import Part, people_of, teams_of
from leadloop.front.forecast.view import View
from leadloop.front.templatetags.ui import local, money_short
from leadloop.platform.contracts import Company, Viewer
from leadloop.platform.queries import names
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.tracking.forecast import queries, rules
from leadloop.tracking.forecast.contracts import Adjusted, Newest

AHEAD, BACK = 6, 6


def forecast_page(viewer: Viewer, part: Part, month: date, *, us: Company, now: datetime) -> dict[str, Any]:
    """Everything the template needs, as of `now`."""
    running = rules.month_of(now.astimezone(ZoneInfo(us.zone)).date())
    months = tuple(rules.months_from(running, AHEAD))
    newest = queries.newest()
    figures = {one.month: one for one in newest.of(part.kind, part.key)} if newest else {}
    around = rules.months_from(rules.month_after(running, -BACK), BACK + 1)
    view = View(
        part=part,
        month=month,
        months=months,
        us=us,
        newest=newest,
        figures=figures,
        plans=queries.plans([*around, *months[1:]]),
        won=queries.won(around, us.zone),
        submitted=queries.submitted([month], by=now),
        adjusted=queries.adjusted([month]),
    )
    people = people_of(viewer, part)
    teams = {team.id: team.name for team in teams_of(viewer)}
    whole = viewer.scope(Can.FORECAST, "see") is Scope.ALL
    points = queries.points(now.astimezone(ZoneInfo(us.zone)).date(), us.zone)
    return {
        "fact": _fact(newest, viewer),
        "part": part,
        "month": month,
        "months": [_choice(part, one, chosen=one == month) for one in months],
        "parts": _parts(part, teams, month, whole=whole),
        **_headline(view),
        "chart": band(view, around[:-1]),
        "people": tables.people(view, people),
        "notes": tables.adjustments(view, names(_named(view.adjusted)), teams),
        "by_team": tables.breakdown(view, "team", teams, plans=True) if part.team is None else None,
        "by_product": tables.breakdown(view, "product", _products()) if part.team is None else None,
        "cash": tables.cash(view) if part.team is None else None,
        "quarters": tables.quarters(view) if part.team is None else None,
        "record": tables.record(points),
        "replayed": sum(one.method == "model" for one in points),
        "may_adjust": viewer.scope(Can.FORECAST, "edit") not in (Scope.NONE, Scope.OWN),
        "may_plan": viewer.scope(Can.FORECAST, "edit") is Scope.ALL,
        "unconverted": ", ".join(newest.snapshot.unconverted) if newest else "",
    }


def _headline(view: View) -> dict[str, Any]:
    """The sentence on top and the figures beside it."""
    currency = view.us.currency
    sum_won, deals = view.won_in(view.month)
    said, best = _said(view)
    figure, address = view.figure, _address(view)
    open_deals = len(queries.outlooks(team_id=view.part.team_id)) if figure and figure.p50 is not None else 0
    stats = [
        {
            "label": "Won so far",
            "shown": money_short(sum_won, currency),
            "value": deals,
            "url": f"/forecast/won{address}",
        },
        {"label": "Plan", "shown": _money(view.plan, currency)},
        {"label": "Commit", "shown": _money(said, currency)},
        {"label": "Best case", "shown": _money(best, currency)},
        {"label": "Stage-weighted", "shown": _money(figure.weighted if figure else None, currency)},
        {"label": "Run rate", "shown": _money(figure.run_rate if figure else None, currency)},
    ]
    if figure is None or figure.p50 is None:
        return {"sentence": {"figure": None, "words": _why_not(view.newest), "cause": None}, "stats": stats}
    low, high = money_short(figure.p10, currency), money_short(figure.p90, currency)
    gap = rules.gap(view.plan, figure.p50)
    state = "" if gap is None or gap >= 0 else "risk"
    sentence = {
        "figure": {
            "value": open_deals,
            "url": f"/forecast/open{address}",
            "label": money_short(figure.p50, currency),
            "state": state,
        },
        "words": f"is the middle of what {view.month:%B} will bring; eight times in ten between {low} and {high}.",
        "cause": {"before": _gap_words(gap, currency), "url": "", "label": "", "after": ""},
    }
    return {"sentence": sentence, "stats": stats}


def _said(view: View) -> tuple[int | None, int | None]:
    """What the people of the part say of the month, adjustments left out; None where nobody said anything."""
    team_of = defaultdict(lambda: view.part.team_id, {row.owner_id: row.team_id for row in view.won})
    mine = [one for one in view.submitted.values() if view.part.team_id in (None, team_of[one.user_id])]
    if not mine:
        return None, None
    return sum(one.commit for one in mine), sum(one.best for one in mine)


def _gap_words(gap: int | None, currency: str) -> str:
    if gap is None:
        return "There is no plan for this month."
    if gap >= 0:
        return f"That is {money_short(gap, currency)} above the plan."
    return f"That is {money_short(-gap, currency)} below the plan."


def _why_not(newest: Newest | None) -> str:
    if newest is None:
        return "There is no forecast yet: the worker makes the first one within minutes, and then one every night."
    if not newest.snapshot.foreseen:
        return f"{newest.snapshot.closed_deals} deals are closed: too few, or too few of them won, to foresee anything."
    return "The newest forecast does not reach this month or team."


def _fact(newest: Newest | None, viewer: Viewer) -> str:
    if newest is None:
        return ""
    made = newest.snapshot
    return f"Made {local(made.at, viewer.zone)} from {made.closed_deals:,} closed and {made.open_deals:,} open deals"


def _choice(part: Part, month: date, *, chosen: bool) -> dict[str, object]:
    team = f"&team={part.team.id}" if part.team else ""
    return {"label": f"{month:%b}", "url": f"/forecast?month={month:%Y-%m}{team}", "current": chosen}


def _parts(part: Part, teams: Mapping[int, str], month: date, *, whole: bool) -> list[dict[str, object]]:
    if not whole and len(teams) < 2:
        return []
    first = [{"label": "All", "url": f"/forecast?month={month:%Y-%m}", "current": part.team is None}] if whole else []
    return [
        *first,
        *(
            {"label": name, "url": f"/forecast?month={month:%Y-%m}&team={key}", "current": part.team_id == key}
            for key, name in teams.items()
        ),
    ]


def _address(view: View) -> str:
    team = f"&team={view.part.team_id}" if view.part.team else ""
    return f"?month={view.month:%Y-%m}{team}"


def _money(minor: int | None, currency: str) -> str:
    return "–" if minor is None else money_short(minor, currency)


def _named(adjusted: Sequence[Adjusted]) -> set[int]:
    return {one.manager_id for one in adjusted} | {one.user_id for one in adjusted if one.user_id}


def _products() -> dict[int, str]:
    return {key: row.name for key, row in products().items()}
