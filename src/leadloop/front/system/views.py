"""How it runs, and the buttons that mend it."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.system.system_page import system_page
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.loop import repair
from leadloop.platform.roles import Capability as Can
from leadloop.platform.services import release_sending


@require_GET
@needs(Can.SYSTEM)
def system(request: HttpRequest) -> HttpResponse:
    """Whether everything runs."""
    return render(request, "system/system.html", {**system_page(viewer_of(request), clock.now()), "page": "system"})


@require_POST
@needs(Can.SYSTEM, "edit")
def replay(request: HttpRequest) -> HttpResponse:
    """Hand the facts that stand aside of one route over again."""
    actor = by_user(viewer_of(request).user_id)
    taken = repair.replay(subscription=request.POST.get("route", ""), actor=actor)
    messages.success(request, f"{taken} handled.")
    return redirect("/system")


@require_POST
@needs(Can.SYSTEM, "edit")
def skip(request: HttpRequest) -> HttpResponse:
    """Let one fact go."""
    event_id = number(request.POST.get("event"))
    if event_id is None:
        raise Invalid("Which fact is meant is missing", mend="Load the page again")
    actor = by_user(viewer_of(request).user_id)
    repair.skip(subscription=request.POST.get("route", ""), event_id=event_id, actor=actor)
    messages.success(request, "Let go. What waited behind it can be handed over again.")
    return redirect("/system")


@require_POST
@needs(Can.SYSTEM, "edit")
def release(request: HttpRequest) -> HttpResponse:
    """Let messages go out again."""
    release_sending(actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, "Messages go out again.")
    return redirect("/system")
