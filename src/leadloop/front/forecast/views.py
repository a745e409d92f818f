"""The forecast page, and the deals behind its figures."""

from __future__ import annotations

from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.forecast.deals import open_table, won_table
from leadloop.front.forecast.page import forecast_page
from leadloop.front.forecast.reach import Part, month_asked, part_asked, people_of
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.kernel import clock
from leadloop.kernel.errors import NotFound
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can

TABLES = {
    "people": "who says what",
    "by_team": "by team",
    "by_product": "by product",
    "quarters": "by quarter",
    "cash": "cash",
    "record": "record",
}


@require_GET
@needs(Can.FORECAST)
def forecast(request: HttpRequest) -> HttpResponseBase:
    """What will be won, by month, team and product; whoever sees only their own goes to what they say."""
    viewer, us = viewer_of(request), company()
    part = part_asked(viewer, request.GET)
    if part is None:
        return redirect("/forecast/mine")
    today = clock.now().astimezone(ZoneInfo(us.zone)).date()
    context = forecast_page(viewer, part, month_asked(request.GET, today), us=us, now=clock.now())
    if (asked := wanted(request)) is not None:
        title, table = _file(context, asked.table)
        return sent(request, asked, title, Can.FORECAST, [table])
    if context["chart"]:
        context["chart"]["table"] = linked(request, context["chart"]["table"], Can.FORECAST, "months")
    context |= {
        name: linked(request, context[name], Can.FORECAST, name) for name in TABLES if context[name] is not None
    }
    return render(request, "forecast/forecast.html", {**context, "page": "forecast"})


def _file(context: dict[str, Any], name: str) -> tuple[str, dict[str, Any]]:
    """The table of this name with its title. Raises NotFound where the page shows none."""
    months = {"months": context["chart"]["table"]} if context["chart"] else {}
    shown = {**months, **{key: context[key] for key in TABLES}}
    if shown.get(name) is None:
        raise NotFound("The forecast has no such table", field="table", mend="Open it from the page")
    return f"Forecast {TABLES.get(name, name)}", shown[name]


@require_GET
@needs(Can.FORECAST)
def open_deals(request: HttpRequest) -> HttpResponse:
    """The open deals behind a forecast."""
    part, owner, today = _asked(request)
    month = month_asked(request.GET, today)
    table = open_table(part.team_id, owner, month, today, currency=company().currency)
    return render(request, "forecast/deals.html", {**table, "page": "forecast"})


@require_GET
@needs(Can.FORECAST)
def won_deals(request: HttpRequest) -> HttpResponse:
    """The deals that were won in a month."""
    part, owner, today = _asked(request)
    us = company()
    try:
        month = date.fromisoformat(f"{request.GET.get('month', '')}-01")
    except ValueError:
        month = today.replace(day=1)
    table = won_table(part.team_id, owner, month, zone=us.zone, currency=us.currency)
    return render(request, "forecast/deals.html", {**table, "page": "forecast"})


def _asked(request: HttpRequest) -> tuple[Part, int | None, date]:
    """The part and the owner that were asked for, as far as the viewer sees them; else the viewer's own."""
    viewer = viewer_of(request)
    today = clock.now().astimezone(ZoneInfo(company().zone)).date()
    part = part_asked(viewer, request.GET)
    owner = number(request.GET.get("owner"))
    if part is None:
        return Part(None), viewer.user_id, today
    if owner is not None and owner not in {user.id for user in people_of(viewer)}:
        owner = viewer.user_id
    return part, owner, today
