"""What people say of the months to come: salespeople, managers with a note, the plan, and a deal's category."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.forecast.deals import CATEGORIES
from leadloop.front.forecast.forms import AdjustForm, PlanForm, SubmitForm
from leadloop.front.forecast.reach import part_asked, people_of, teams_of
from leadloop.front.templatetags.ui import money, money_short, percent
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.loop import commands
from leadloop.platform.contracts import Company, Viewer
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can
from leadloop.platform.roles import Scope
from leadloop.selling.queries import rows as deal_rows
from leadloop.tracking.forecast import queries, rules, services

AHEAD = 3  # months for which salespeople say something
PLANNED = 12
SHOWN = 200


@require_http_methods(["GET", "POST"])
@needs(Can.FORECAST, "edit")
def mine(request: HttpRequest) -> HttpResponse:
    """What I say of the next months, and my open deals with their categories."""
    viewer, us = viewer_of(request), company()
    months = rules.months_from(_running(us), AHEAD)
    form = SubmitForm(_posted(request), **_ground(viewer, us, months))

    def act(given: dict[str, Any]) -> None:
        said = services.SubmissionIn(viewer.user_id, given["month"], given["commit"], given["best"])
        services.submit([said], actor=by_user(viewer.user_id), now=clock.now())

    if _done(request, form, act):
        return redirect("/forecast/mine")
    context = {**_own(viewer, us, months), "form": form, "page": "forecast"}
    return render(request, "forecast/mine.html", context, status=_status(request))


@require_http_methods(["GET", "POST"])
@needs(Can.FORECAST, "edit")
def adjust(request: HttpRequest) -> HttpResponse:
    """Add to what somebody says, or take off, with the reason."""
    viewer, us = viewer_of(request), company()
    own_only = viewer.scope(Can.FORECAST, "edit") is Scope.OWN
    staff = [] if own_only else [user for user in people_of(viewer, verb="edit") if "salesperson" in user.roles]
    teams = teams_of(viewer, "edit")
    months = rules.months_from(_running(us), AHEAD)
    form = AdjustForm(_posted(request), staff=staff, teams=teams, **_ground(viewer, us, months))

    def act(given: dict[str, Any]) -> None:
        kind, _, key = given["who"].partition("-")
        services.adjust(
            manager_id=viewer.user_id,
            month=given["month"],
            delta=given["delta"],
            note=given["note"],
            actor=by_user(viewer.user_id),
            now=clock.now(),
            **{f"{kind}_id": int(key)},
        )

    return _form(request, form, act, "Adjust a forecast", "Adjust", "" if staff or teams else "Nobody reports to you.")


@require_http_methods(["GET", "POST"])
@needs(Can.FORECAST, "edit")
def plan(request: HttpRequest) -> HttpResponse:
    """Set what is to be won in a month."""
    viewer, us = viewer_of(request), company()
    may = viewer.scope(Can.FORECAST, "edit") is Scope.ALL
    months = rules.months_from(_running(us), PLANNED)
    form = PlanForm(_posted(request), teams=teams_of(viewer, "edit"), **_ground(viewer, us, months))

    def act(given: dict[str, Any]) -> None:
        if not may:
            raise Invalid("The plan is set for the whole company", field="month", mend="Ask the head of sales")
        planned = services.PlanIn(given["month"], given["minor"], int(given["team"]) if given["team"] else None)
        services.plan([planned], actor=by_user(viewer.user_id), now=clock.now())

    return _form(request, form, act, "Plan a month", "Save", "" if may else "The head of sales sets the plan.")


@require_POST
@needs(Can.OPPORTUNITIES, "edit")
def category(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """Say of a deal whether it is committed."""
    changes = {"category": request.POST.get("category", "")}
    commands.change_deal(viewer_of(request), opportunity_id, changes=changes, now=clock.now())
    return redirect("/forecast/mine")


def _own(viewer: Viewer, us: Company, months: list[date]) -> dict[str, Any]:
    """What stands: said before, won, and open deals with what the model thinks of them."""
    said = queries.submitted(months, by=clock.now())
    won = {row.month: row.minor for row in queries.won(months, us.zone) if row.owner_id == viewer.user_id}
    deals = queries.outlooks(owner_id=viewer.user_id)
    shown = deals[:SHOWN]
    named = deal_rows({one.opportunity_id for one in shown})
    adjusted = {one.month: one for one in queries.adjusted(months) if one.user_id == viewer.user_id}
    return {
        "has_team": part_asked(viewer, {}) is not None,
        "months": [
            {
                "name": f"{month:%B %Y}",
                "won": money_short(won.get(month, 0), us.currency),
                "commit": _money(said[viewer.user_id, month].commit if (viewer.user_id, month) in said else None, us),
                "best": _money(said[viewer.user_id, month].best if (viewer.user_id, month) in said else None, us),
                "expected": _money(
                    won.get(month, 0)
                    + round(sum(one.minor * one.by_month[place] for one in deals if place < len(one.by_month))),
                    us,
                ),
                "adjusted": adjusted.get(month),
                "delta": _money(adjusted[month].delta, us) if month in adjusted else "",
            }
            for place, month in enumerate(months)
        ],
        "deals": [
            {
                "id": one.opportunity_id,
                "name": named[one.opportunity_id].name,
                "amount": money(one.minor, us.currency),
                "chance": percent(one.chance),
                "closes": f"{one.close_on:%-d %b %Y}",
                "category": one.category,
            }
            for one in shown
        ],
        "categories": CATEGORIES.items(),
        "more": len(deals) - len(shown),
    }


def _form(
    request: HttpRequest,
    form: forms.Form,
    act: Callable[[dict[str, Any]], None],
    title: str,
    label: str,
    why_not: str,
) -> HttpResponse:
    """Show a form on a page of its own, carry it out on POST; a mistake is said at its field."""
    if not why_not and _done(request, form, act):
        return redirect("/forecast")
    context = {"form": form, "title": title, "label": label, "why_not": why_not, "page": "forecast"}
    return render(request, "forecast/form.html", context, status=_status(request))


def _done(request: HttpRequest, form: forms.Form, act: Callable[[dict[str, Any]], None]) -> bool:
    """Whether a posted form was right and has been carried out."""
    if request.method != "POST" or not form.is_valid():
        return False
    try:
        act(form.cleaned_data)
    except Invalid as wrong:
        form.add_error(wrong.field if wrong.field in form.fields else None, f"{wrong.problem}. {wrong.mend}")
        return False
    return True


def _ground(viewer: Viewer, us: Company, months: list[date]) -> dict[str, Any]:
    return {"language": viewer.language, "currency": us.currency, "months": months}


def _posted(request: HttpRequest) -> Any:
    return request.POST if request.method == "POST" else None


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _running(us: Company) -> date:
    return rules.month_of(clock.now().astimezone(ZoneInfo(us.zone)).date())


def _money(minor: int | None, us: Company) -> str:
    return "–" if minor is None else money_short(minor, us.currency)
