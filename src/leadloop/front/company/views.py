"""The loop, the programmes, and the rows behind a figure."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.company.loop_page import loop_page
from leadloop.front.company.periods import days_asked, last_days, segments
from leadloop.front.company.programmes_page import programmes_page
from leadloop.front.company.rows_page import RIGHTS, rows_files, rows_page
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.front.templatetags.ui import local_time
from leadloop.kernel import clock
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can
from leadloop.tracking.measures import measure


@require_GET
@needs(Can.REPORTS)
def loop(request: HttpRequest) -> HttpResponse:
    """Every part of the loop with its keeper, its promise, and the money leaking there."""
    viewer, now, terms, us = viewer_of(request), clock.now(), in_force(), company()
    days = days_asked(request.GET)
    context = loop_page(last_days(days, now, us.zone), terms=terms, now=now, currency=us.currency)
    fact = f"Agreement v{terms.version}, as of {local_time(now, viewer.zone)}"
    return render(
        request,
        "company/loop.html",
        {**context, "fact": fact, "segments": segments("/loop", days), "page": "loop", "days": days},
    )


@require_GET
@needs(Can.PROGRAMMES)
def programmes(request: HttpRequest) -> HttpResponseBase:
    """What each programme cost and what came back."""
    viewer, now, us = viewer_of(request), clock.now(), company()
    days = days_asked(request.GET)
    context = programmes_page(last_days(days, now, us.zone), zone=us.zone, currency=us.currency)
    if (asked := wanted(request)) is not None:
        return sent(request, asked, "Programmes", Can.PROGRAMMES, [context["table"]])
    context["table"] = linked(request, context["table"], Can.PROGRAMMES)
    fact = f"Revenue by last touch, as of {local_time(now, viewer.zone)}"
    chosen = segments("/programmes", days)
    may_book = viewer.may(Can.COSTS, "edit")
    return render(
        request,
        "company/programmes.html",
        {**context, "fact": fact, "segments": chosen, "page": "programmes", "may_book": may_book},
    )


@require_GET
@needs(Can.REPORTS)
def rows(request: HttpRequest, name: str) -> HttpResponseBase:
    """The rows behind a figure."""
    viewer, terms, now = viewer_of(request), in_force(), clock.now()
    right = RIGHTS[measure(name).subject]
    if (asked := wanted(request)) is not None:
        files = rows_files(viewer, name, request.GET, terms=terms, now=now)
        return sent(request, asked, measure(name).label, right, files)
    context = rows_page(viewer, name, request.GET, terms=terms, now=now)
    context["table"] = linked(request, context["table"], right)
    return render(request, "company/rows.html", {**context, "page": "loop"})
