"""The page of calls: the queue, the card of one call, its outcome by one key, and the way back."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET, require_POST

from leadloop.front.access import everybody, needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.calls.forms import OutcomeForm
from leadloop.front.calls.page import calls_page, one_call
from leadloop.front.home.moment import Moment
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.loop import commands
from leadloop.loop.commands import Done
from leadloop.platform.queries import company
from leadloop.platform.roles import Capability as Can
from leadloop.selling.rules import Place


@require_GET
@needs(Can.ACTIVITIES)
def calls(request: HttpRequest) -> HttpResponse:
    """The queue, with the card of whom to call first."""
    at = _moment(request)
    context = calls_page(at, _place(request), number(request.GET.get("lead")))
    return render(request, "calls/calls.html", {**context, "page": "calls", "now": at.now})


@require_GET
@needs(Can.ACTIVITIES)
def one(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One call on a page of its own, as on a phone."""
    return render(request, "calls/one.html", {"call": one_call(_moment(request), lead_id), "page": "calls"})


@require_GET
@needs(Can.ACTIVITIES)
def part(request: HttpRequest, lead_id: int) -> HttpResponse:
    """One call beside the queue."""
    context = {"call": one_call(_moment(request), lead_id), "place": str(_place(request))}
    return render(request, "calls/_call.html", context)


@require_POST
@needs(Can.ACTIVITIES, "edit")
def outcome(request: HttpRequest, lead_id: int) -> HttpResponse:
    """How the call ended; the answer brings the next one."""
    viewer = viewer_of(request)
    form = OutcomeForm(request.POST, zone=viewer.zone)
    if not form.is_valid():
        problem = next(iter(form.errors.values()))[0]
        raise Invalid(str(problem), field="outcome", mend="Mend it, then press the outcome again")
    return _answer(request, commands.call(viewer, form.call(lead_id), now=clock.now()))


@require_POST
@needs(Can.ACTIVITIES, "edit")
def later(request: HttpRequest, lead_id: int) -> HttpResponse:
    """Put the call off."""
    return _answer(request, commands.call_later(viewer_of(request), lead_id, now=clock.now()))


@require_POST
@everybody
def undo(request: HttpRequest, undo_id: int) -> HttpResponse:
    """Take one's own last call back; its card is there again."""
    done = commands.undo(viewer_of(request), undo_id, now=clock.now())
    return _answer(request, done, done.lead_ids[0] if done.lead_ids else None)


def _answer(request: HttpRequest, done: Done, lead_id: int | None = None) -> HttpResponse:
    """The toast, the queue as it is now, and the card of the next call."""
    at = _moment(request)
    context: dict[str, Any] = calls_page(at, _place(request), lead_id)
    undo_url = f"/calls/undo/{done.undo_id}?place={context['place']}" if done.undo_id else ""
    return render(request, "calls/_done.html", {**context, "done": done, "undo_url": undo_url, "now": at.now})


def _moment(request: HttpRequest) -> Moment:
    return Moment(viewer_of(request), company(), clock.now())


def _place(request: HttpRequest) -> Place:
    asked = request.POST.get("place") or request.GET.get("place", "")
    return Place(asked) if asked in set(Place) else Place.NOW
