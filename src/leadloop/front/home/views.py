"""Everybody's first page, and the rows behind its figures."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET

from leadloop.front.access import everybody, viewer_of
from leadloop.front.company.periods import DEFAULT, days_asked
from leadloop.front.home.calls import calls_page
from leadloop.front.home.cfo import cfo_page
from leadloop.front.home.checklist import is_new
from leadloop.front.home.flow import flow_page
from leadloop.front.home.marketing import marketing_page
from leadloop.front.home.moment import Moment
from leadloop.front.home.part import Piece, cause, line, panel, sentence
from leadloop.front.home.president import president_page
from leadloop.front.home.rows import rows_page
from leadloop.front.home.running import running_page
from leadloop.front.home.sales import sales_page
from leadloop.front.home.tabs import TABS, tabs_of
from leadloop.front.home.team import team_page
from leadloop.front.nav import pages_for
from leadloop.front.templatetags.ui import local_date, local_time
from leadloop.kernel import clock
from leadloop.platform.queries import company

PERIODS = (7, 30, 90)
OF_A_MOMENT: Mapping[str, Callable[[Moment], Piece]] = {
    "sales": sales_page,
    "calls": calls_page,
    "running": running_page,
}
OF_A_PERIOD: Mapping[str, Callable[[Moment, int], Piece]] = {
    "team": team_page,
    "marketing": marketing_page,
    "flow": flow_page,
    "president": president_page,
    "money": cfo_page,
}


@require_GET
@everybody
def first(_request: HttpRequest) -> HttpResponse:
    """The first page of the morning."""
    return redirect("/home")


@require_GET
@everybody
def home(request: HttpRequest) -> HttpResponse:
    """What matters today to somebody of the viewer's roles."""
    at = _moment(request)
    mine = tabs_of(at.viewer.roles)
    asked = request.GET.get("as", "")
    tab = asked if asked in mine else mine[0]
    days = days_asked(request.GET)
    context = _context(tab, at, days)
    fact = f"{local_date(at.now, at.viewer.zone)}, as of {local_time(at.now, at.viewer.zone)}"
    return render(
        request,
        "home/home.html",
        {
            **context,
            "fact": fact,
            "is_new": is_new(request.user, at.now),
            "page": "home",
            "tabs": _tabs(mine, tab) if len(mine) > 1 else [],
            "segments": _periods(tab, days) if tab in OF_A_PERIOD else [],
        },
    )


@require_GET
@everybody
def rows(request: HttpRequest, name: str) -> HttpResponse:
    """The rows behind a figure of a home page, as far as the viewer sees them."""
    context = rows_page(_moment(request), name, request.GET)
    return render(request, "home/rows.html", {**context, "page": "home"})


def _moment(request: HttpRequest) -> Moment:
    return Moment(viewer_of(request), company(), clock.now())


def _context(tab: str, at: Moment, days: int) -> Piece:
    if tab in OF_A_PERIOD:
        return OF_A_PERIOD[tab](at, days)
    if tab in OF_A_MOMENT:
        return OF_A_MOMENT[tab](at)
    return _pages(at)


def _tabs(mine: list[str], current: str) -> list[dict[str, object]]:
    return [{"label": TABS[key][0], "url": f"/home?as={key}", "count": None, "current": key == current} for key in mine]


def _periods(tab: str, chosen: int) -> list[dict[str, object]]:
    return [
        {
            "label": f"{days} d",
            "url": f"/home?as={tab}" + ("" if days == DEFAULT else f"&p={days}"),
            "current": days == chosen,
        }
        for days in PERIODS
    ]


def _pages(at: Moment) -> Piece:
    """For roles whose work is on a page of its own: where they may go."""
    lines = [line(item.label, "", item.url) for item in pages_for(at.viewer) if item.key != "home"]
    words = "Your pages are below." if lines else "Your role opens no page yet."
    told = None if lines else cause("Ask an admin to give you a role.")
    return {
        "sentence": sentence(words, None, told),
        "main": [panel("pages", "My pages", lines=lines, words="There are none yet.")],
    }
