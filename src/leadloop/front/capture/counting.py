"""Entering what the other side counted."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from leadloop.capture.services import say_counts
from leadloop.front.access import needs, viewer_of
from leadloop.front.capture.counts_form import CountsForm
from leadloop.front.capture.portal_page import show
from leadloop.front.capture.portals_page import find
from leadloop.front.mistakes import blame
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@require_POST
@needs(Can.PORTALS, "edit")
def counts(request: HttpRequest, portal_id: int) -> HttpResponse:
    """Take numbers of days, compare them with what came, and say what is missing."""
    found = find(portal_id)
    form = CountsForm(request.POST)
    if form.is_valid():
        try:
            actor = by_user(viewer_of(request).user_id)
            say_counts(portal_id=portal_id, counted=form.counted(), actor=actor, now=clock.now())
        except Invalid as wrong:
            blame(form, wrong, counts="lines")
        else:
            messages.success(request, "Compared with what came in.")
            return redirect(f"/portals/{portal_id}#counts")
    return show(request, found, counts_form=form, status=422)
