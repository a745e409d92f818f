"""Board and deal pages."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.company.periods import today
from leadloop.front.selling.board import columns
from leadloop.front.selling.forms import DealForm, LoseForm, WinForm
from leadloop.front.selling.listing import deals_page, filters_of
from leadloop.front.selling.table import deals_files, deals_table
from leadloop.front.sheets.download import linked, sent, wanted
from leadloop.front.templatetags.ui import local, money, money_short
from leadloop.front.work.acts import sheet, told
from leadloop.front.work.timeline import deal_days
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.leads.queries import lead as one_lead
from leadloop.leads.queries import rows as lead_rows
from leadloop.loop import commands
from leadloop.loop.commands import Done, NewDeal
from leadloop.people.queries import companies, people
from leadloop.platform.contracts import Viewer
from leadloop.platform.queries import company, names
from leadloop.platform.roles import Capability as Can
from leadloop.selling.contracts import Deal, State
from leadloop.selling.queries import board, cards, opportunity, pipeline_stages, visible

TIMES = {0: "", 1: "once", 2: "twice"}
STATES = {State.OPEN: "Open", State.WON: "Won", State.LOST: "Lost"}


@require_GET
@needs(Can.OPPORTUNITIES)
def pipeline(request: HttpRequest) -> HttpResponseBase:
    """Every open deal the viewer sees, by stage."""
    viewer, now = viewer_of(request), clock.now()
    if (asked := wanted(request)) is not None:
        files = deals_files(viewer, {"state": "open"}, now=now)
        return sent(request, asked, "Deals", Can.OPPORTUNITIES, files)
    found = board(viewer, now=now)
    currency = company().currency
    fact = (
        f"{sum(c.count for c in found)} open, {money_short(sum(c.sum_minor for c in found), currency)}, "
        f"weighted {money_short(sum(c.weighted_minor for c in found), currency)}"
    )
    linked_files = linked(request, {"caption": "Open deals"}, Can.OPPORTUNITIES)
    context = {"columns": columns(found, viewer, now), "fact": fact, "files": linked_files, "page": "pipeline"}
    return render(request, "selling/pipeline.html", context)


@require_GET
@needs(Can.OPPORTUNITIES)
def column(request: HttpRequest, stage: str) -> HttpResponseBase:
    """All deals of one column as a table, for those that the board has no room for."""
    viewer, now = viewer_of(request), clock.now()
    if (asked := wanted(request)) is not None:
        files = deals_files(viewer, {"state": "open", "stage": stage}, now=now)
        return sent(request, asked, "Deals", Can.OPPORTUNITIES, files)
    page = cards(viewer, stage, now=now, after=request.GET.get("after"), limit=50)
    label = next(one.label for one in pipeline_stages() if one.key == stage)
    table = {**deals_table(f"Deals in {label}", page.rows, viewer.zone), "total": page.total}
    next_url = f"/pipeline/{stage}?after={page.next_cursor}" if page.next_cursor else ""
    context = {"table": linked(request, table, Can.OPPORTUNITIES), "label": label, "next_url": next_url}
    return render(request, "selling/column.html", {**context, "page": "pipeline"})


@require_GET
@needs(Can.OPPORTUNITIES)
def listed(request: HttpRequest) -> HttpResponseBase:
    """Every deal the viewer sees, open or closed; every filter stands in the address."""
    viewer, now = viewer_of(request), clock.now()
    if (asked := wanted(request)) is not None:
        files = deals_files(viewer, filters_of(request.GET), now=now)
        return sent(request, asked, "Deals", Can.OPPORTUNITIES, files)
    context = deals_page(viewer, request.GET, now=now)
    context["table"] = linked(request, context["table"], Can.OPPORTUNITIES)
    return render(request, "selling/deals.html", {**context, "page": "pipeline"})


@require_GET
@needs(Can.OPPORTUNITIES)
def deal_page(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """One deal with its lines, people and history."""
    viewer = viewer_of(request)
    deal = opportunity(viewer, opportunity_id)
    return render(request, "selling/deal.html", {**_deal(viewer, deal), "page": "pipeline"})


def _deal(viewer: Viewer, deal: Deal) -> dict[str, Any]:
    row = deal.row
    linked = lead_rows([link.lead_id for link in deal.leads])
    persons = people({lead.person_id for lead in linked.values()})
    firm = companies([row.company_id]).get(row.company_id) if row.company_id else None
    stages = pipeline_stages()
    terms = in_force()
    reason = terms.clauses.reasons.get(row.close_reason)
    pairs = [
        ("Amount", money(row.minor, row.currency)),
        ("Worth in our currency", money(row.base_minor, company().currency) if row.base_minor is not None else ""),
        ("State", STATES[row.state]),
        ("Stage", next((one.label for one in stages if one.key == row.stage), row.stage)),
        ("Owner", names([row.owner_id]).get(row.owner_id, "")),
        ("Company", firm.name if firm else ""),
        ("Closes on", f"{row.close_on:%-d %b %Y}"),
        ("Closing day put off", TIMES.get(row.pushed, f"{row.pushed} times")),
        ("Next step", row.next_step),
        ("Next step on", local(row.next_step_at, viewer.zone)),
        ("Closed", local(row.closed_at, viewer.zone)),
        ("Reason", reason.label if reason else row.close_reason),
    ]
    return {
        "deal": row,
        "definitions": [
            {"term": term, "value": value, "url": f"/companies/{firm.id}" if firm and term == "Company" else ""}
            for term, value in pairs
            if value
        ],
        "lines": _lines(deal),
        "people": [
            {"name": persons[linked[link.lead_id].person_id].name, "lead_id": link.lead_id, "primary": link.is_primary}
            for link in deal.leads
            if link.lead_id in linked
        ],
        "days": deal_days(row.id, list(linked), terms=terms, zone=viewer.zone, now=clock.now()),
        "stages": stages,
        "editable": bool(visible(viewer, [row.id], "edit")),
        "is_open": row.state is State.OPEN,
    }


def _lines(deal: Deal) -> dict[str, Any]:
    labels = ("Product", "Quantity", "Price", "Term")
    return {
        "caption": "Lines",
        "columns": [{"label": label, "numeric": label in ("Quantity", "Price")} for label in labels],
        "total": len(deal.lines),
        "empty": "No lines: the amount was typed in.",
        "rows": [
            {
                "cells": [
                    line.name,
                    {"text": f"{line.quantity.normalize():f}", "numeric": True},
                    {"text": money(line.unit_minor, deal.row.currency), "numeric": True},
                    f"{line.months} months" if line.months else "once",
                ]
            }
            for line in deal.lines
        ],
    }


@require_POST
@needs(Can.OPPORTUNITIES, "edit")
def move(request: HttpRequest) -> HttpResponse:
    """A card dropped on a column of the board."""
    deal_id, place = request.POST.get("deal", ""), request.POST.get("position", "")
    if not deal_id.isdigit():
        raise Invalid("Which deal was moved is missing", field="deal", mend="Load the board again")
    done = commands.move_deal(
        viewer_of(request),
        int(deal_id),
        stage=request.POST.get("stage", ""),
        position=float(place) if place.replace(".", "", 1).isdigit() else None,
        now=clock.now(),
    )
    return told(request, done, {"record": None})


@require_http_methods(["GET", "POST"])
@needs(Can.OPPORTUNITIES, "edit")
def open_deal(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Make a deal of a lead."""
    viewer, now = viewer_of(request), clock.now()
    lead = one_lead(viewer, lead_id)
    person = people([lead.person_id])[lead.person_id]
    initial = {"name": f"{person.company_name or person.name}", "currency": company().currency}
    form = DealForm(request.POST if request.method == "POST" else None, viewer=viewer, now=now, initial=initial)

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        given = filled.cleaned_data
        deal = NewDeal(
            lead_ids=(lead_id,),
            primary=lead_id,
            company_id=lead.company_id,
            person_id=lead.person_id,
            name=given["name"],
            amount=given["minor"],
            currency=given["currency"].upper(),
            close_on=given["close_on"],
            next_step=given["next_step"],
            next_step_at=given["next_step_at"],
        )
        return commands.open_deal(viewer, deal, now=clock.now())

    return sheet(request, lead_id, form, title="Open an opportunity", label="Open", act=act)


@require_http_methods(["GET", "POST"])
@needs(Can.OPPORTUNITIES, "edit")
def win(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The deal is won."""
    signed = today(clock.now(), company().zone)
    form = WinForm(request.POST if request.method == "POST" else None, initial={"closed_on": signed.isoformat()})

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        return commands.win(viewer, opportunity_id, closed_on=filled.cleaned_data["closed_on"], now=clock.now())

    return _closing(request, opportunity_id, form, "Won", "Won", act)


@require_http_methods(["GET", "POST"])
@needs(Can.OPPORTUNITIES, "edit")
def lose(request: HttpRequest, opportunity_id: int) -> HttpResponse:
    """The deal is lost."""
    form = LoseForm(request.POST if request.method == "POST" else None, terms=in_force())

    def act(viewer: Viewer, filled: forms.Form) -> Done:
        given = filled.cleaned_data
        deal = opportunity(viewer, opportunity_id)
        outcomes = {link.lead_id: given["fate"] for link in deal.leads}
        return commands.lose(viewer, opportunity_id, reason=given["reason"], outcomes=outcomes, now=clock.now())

    return _closing(request, opportunity_id, form, "Lost", "Lost", act)


def _closing(
    request: HttpRequest, opportunity_id: int, form: forms.Form, title: str, label: str, act: Any
) -> HttpResponse:
    deal = opportunity(viewer_of(request), opportunity_id)
    primary = next((link.lead_id for link in deal.leads if link.is_primary), 0)
    response = sheet(request, primary, form, title=f"{title}: {deal.row.name}", label=label, act=act)
    if request.method == "POST" and response.status_code == 200:
        response["HX-Redirect"] = f"/deals/{opportunity_id}"
    return response
