"""Notices: looked at, and marked as read."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.agreement.queries import in_force
from leadloop.front.access import everybody, viewer_of
from leadloop.front.asking import number
from leadloop.front.notices.bell import ring_anew
from leadloop.front.notices.page import notices_page
from leadloop.kernel import clock
from leadloop.loop.notices.writing import mark_read


@require_GET
@everybody
def page(request: HttpRequest) -> HttpResponse:
    """What concerns the viewer, the newest first, and what is about to run out."""
    viewer, now = viewer_of(request), clock.now()
    context = notices_page(viewer, before=number(request.GET.get("before")), terms=in_force(), now=now)
    return render(request, "notices/notices.html", {**context, "page": "notices"})


@require_POST
@everybody
def read_one(request: HttpRequest, notice_id: int) -> HttpResponse:
    """One is read; that of another stays as it is."""
    mark_read(viewer_of(request).user_id, notice_id=notice_id, now=clock.now())
    ring_anew(viewer_of(request).user_id)
    return redirect("/notifications")


@require_POST
@everybody
def read_all(request: HttpRequest) -> HttpResponse:
    """All are read."""
    if mark_read(viewer_of(request).user_id, now=clock.now()):
        messages.success(request, "All are marked as read.")
    ring_anew(viewer_of(request).user_id)
    return redirect("/notifications")
