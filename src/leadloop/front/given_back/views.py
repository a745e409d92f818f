"""Leads given back: looked at, appealed against, decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.given_back.page import given_back_page
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, Refused
from leadloop.loop import commands
from leadloop.platform.roles import Capability as Can

HOME = "/given-back"


@require_GET
@needs(Can.LEADS)
def page(request: HttpRequest) -> HttpResponse:
    """What was given back lately, whose appeal waits, and what became of the others."""
    context = given_back_page(viewer_of(request), terms=in_force(), now=clock.now())
    return render(request, "given_back/given_back.html", {**context, "page": "loop"})


@require_POST
@needs(Can.LEADS, "edit")
def appeal(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Say why a lead should not have been given back."""
    text, viewer = request.POST.get("text", ""), viewer_of(request)
    try:
        messages.success(request, commands.appeal(viewer, assignment_id, text=text, now=clock.now()))
    except (Invalid, Refused) as error:
        messages.error(request, str(error))
    return redirect(HOME)


@require_POST
@needs(Can.LEADS)
def decide(request: HttpRequest, assignment_id: int) -> HttpResponse:
    """Let it stand, or hand the lead back."""
    overturned, note = request.POST.get("verdict") == "overturned", request.POST.get("note", "")
    try:
        said = commands.decide(viewer_of(request), assignment_id, overturned=overturned, note=note, now=clock.now())
        messages.success(request, said)
    except (Invalid, Refused) as error:
        messages.error(request, str(error))
    return redirect(HOME)
