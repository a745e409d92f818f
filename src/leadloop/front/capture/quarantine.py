"""Pages of the quarantine: what could not be taken for an inquiry, put right and sent through again."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture.services import replay as send_through
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import numbers
from leadloop.front.capture.quarantine_page import (
    corrections,
    delivery_page,
    held,
    quarantine_page,
    within_reach,
)
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict
from leadloop.ledger.contracts import by_user
from leadloop.loop import commands
from leadloop.platform.roles import Capability as Can

AFTER = "It becomes an inquiry in a moment, or comes back here with its reason."


@require_GET
@needs(Can.QUARANTINE)
def quarantine(request: HttpRequest) -> HttpResponse:
    """Everything that waits here, newest first."""
    context = quarantine_page(viewer_of(request), request.GET)
    return render(request, "capture/quarantine.html", {**context, "page": "quarantine"})


@require_GET
@needs(Can.QUARANTINE)
def delivery(request: HttpRequest, submission_id: int) -> HttpResponse:
    """One delivery, whole."""
    context = delivery_page(viewer_of(request), submission_id)
    return render(request, "capture/delivery.html", {**context, "page": "quarantine"})


@require_POST
@needs(Can.QUARANTINE, "edit")
def replay_one(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Send one through again, as it was or put right; the original stays as it came."""
    viewer = viewer_of(request)
    row = held(viewer, submission_id)
    if row is None:
        raise Conflict("This delivery is not in quarantine any more", mend="Look at the list of what is there")
    changed = corrections(row, request.POST)
    send_through(
        ids=[submission_id],
        corrected={submission_id: changed} if changed else None,
        actor=by_user(viewer.user_id),
        now=clock.now(),
    )
    messages.success(request, f"Sent through again. {AFTER}")
    return redirect("/quarantine")


@require_POST
@needs(Can.QUARANTINE, "edit")
def use_again(request: HttpRequest, submission_id: int) -> HttpResponse:
    """Take back what a bounce or complaint did to an address."""
    viewer = viewer_of(request)
    if held(viewer, submission_id) is None:
        raise Conflict("This delivery is not in quarantine any more", mend="Look at the list of what is there")
    lifted = commands.use_again(viewer, submission_id, now=clock.now())
    words = "The address may be used again." if lifted else "The address was not barred by this report."
    messages.success(request, words)
    return redirect(f"/quarantine/{submission_id}")


@require_POST
@needs(Can.QUARANTINE, "edit")
def replay(request: HttpRequest) -> HttpResponse:
    """Send several through again as they are."""
    viewer = viewer_of(request)
    ids = within_reach(viewer, numbers(request.POST.getlist("ids")))
    done = send_through(ids=ids, actor=by_user(viewer.user_id), now=clock.now())
    words = "One was sent through again." if len(done) == 1 else f"{len(done)} were sent through again."
    messages.success(request, words if done else "Nothing was chosen that is still here.")
    return redirect("/quarantine")
