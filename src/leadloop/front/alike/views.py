"""Records that look alike: the queue, one pair side by side, and what is decided."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from leadloop.agreement.queries import in_force
from leadloop.front.access import needs, viewer_of
from leadloop.front.alike.pair import next_pair, pair_page
from leadloop.front.alike.queue import accept_page, queue_page, weight_asked
from leadloop.front.asking import number
from leadloop.identity.contracts import Verdict
from leadloop.kernel import clock
from leadloop.kernel.errors import Conflict, Invalid, NotFound, Refused
from leadloop.loop import commands
from leadloop.loop.commands import Done
from leadloop.platform.roles import Capability as Can

QUEUE = "/duplicates"


@require_GET
@needs(Can.PEOPLE, "edit")
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, the weightiest first."""
    context = queue_page(viewer_of(request), request.GET, now=clock.now())
    return render(request, "alike/queue.html", {**context, "page": "duplicates"})


@require_GET
@needs(Can.PEOPLE, "edit")
def pair(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Two records side by side."""
    context = pair_page(viewer_of(request), suggestion_id, terms=in_force(), now=clock.now())
    return render(request, "alike/pair.html", {**context, "page": "duplicates"})


@require_POST
@needs(Can.PEOPLE, "edit")
def merge(request: HttpRequest, suggestion_id: int) -> HttpResponse:
    """Make one person of the two; whoever is chosen stays."""
    viewer, survivor = viewer_of(request), number(request.POST.get("survivor")) or 0
    after = next_pair(viewer, suggestion_id)
    try:
        done = commands.merge_pair(viewer, suggestion_id, survivor_id=survivor, now=clock.now())
    except (Conflict, Invalid, Refused) as wrong:
        messages.error(request, str(wrong))
        return redirect(f"{QUEUE}/{suggestion_id}" if isinstance(wrong, Invalid) else QUEUE)
    return _on(request, done, after, undo_url=f"/persons/{survivor}/unmerge/{done.merge_id}/undo")


@require_POST
@needs(Can.PEOPLE, "edit")
def judge(request: HttpRequest, suggestion_id: int, verdict: str) -> HttpResponse:
    """Never the same, related, or left as two."""
    if verdict not in set(Verdict):
        raise NotFound("There is no such decision", mend="Choose one of the buttons")
    viewer = viewer_of(request)
    after = next_pair(viewer, suggestion_id)
    try:
        done = commands.judge(viewer, suggestion_id, verdict=Verdict(verdict), now=clock.now())
    except Conflict as wrong:
        messages.error(request, str(wrong))
        return redirect(QUEUE)
    return _on(request, done, after)


@require_http_methods(["GET", "POST"])
@needs(Can.PEOPLE, "edit")
def accept(request: HttpRequest) -> HttpResponse:
    """Merge everything from a weight on: shown first, then done."""
    viewer = viewer_of(request)
    weight = weight_asked(request.POST.get("weight") or request.GET.get("weight"))
    if request.method == "GET":
        return render(request, "alike/accept.html", {**accept_page(viewer, weight), "page": "duplicates"})
    try:
        messages.success(request, commands.merge_from(viewer, at_least=weight, now=clock.now()).label)
    except Refused as wrong:
        messages.error(request, str(wrong))
    return redirect(QUEUE)


def _on(request: HttpRequest, done: Done, after: int | None, *, undo_url: str = "") -> HttpResponse:
    """Say what was done, with its way back, and go on with the next pair."""
    messages.success(request, done.label, extra_tags=f"/undo/{done.undo_id}" if done.undo_id else undo_url)
    return redirect(f"{QUEUE}/{after}" if after else QUEUE)
