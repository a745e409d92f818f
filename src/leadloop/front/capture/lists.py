"""Pages of the block and allow lists: what is on them, who put it there and why, and what it caught."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_GET, require_POST

from leadloop.capture.lists.keeping import add_entries, remove_entries
from leadloop.capture.lists.queries import entry as one_entry
from leadloop.front.access import needs, viewer_of
from leadloop.front.asking import number
from leadloop.front.capture.lists_form import ListForm
from leadloop.front.capture.lists_page import entry_page, flagged_page, list_page
from leadloop.front.mistakes import blame
from leadloop.kernel import clock
from leadloop.kernel.errors import Invalid, NotFound
from leadloop.ledger.contracts import by_user
from leadloop.platform.roles import Capability as Can


@require_GET
@needs(Can.QUARANTINE)
def lists(request: HttpRequest) -> HttpResponse:
    """What is blocked, or what is allowed."""
    return _show(request, ListForm(allows=request.GET.get("side") == "allow"))


@require_POST
@needs(Can.QUARANTINE, "edit")
def add(request: HttpRequest) -> HttpResponse:
    """Put lines on a list, however many were pasted."""
    form = ListForm(request.POST, allows=request.POST.get("side") == "allow")
    if form.is_valid():
        try:
            wanted = form.wanted()
            added = add_entries(wanted, actor=by_user(viewer_of(request).user_id), now=clock.now())
        except Invalid as wrong:
            blame(form, wrong)
        else:
            known = len(wanted) - added
            words = f"{added:,} added." + (f" {known:,} stood there already." if known else "")
            messages.success(request, words)
            return redirect(f"/lists{'?side=allow' if form.allows else ''}")
    return _show(request, form, status=422)


@require_GET
@needs(Can.QUARANTINE)
def entry(request: HttpRequest, entry_id: int) -> HttpResponse:
    """One entry, with what it caught."""
    found = one_entry(entry_id)
    if found is None:
        raise NotFound("There is no such entry", mend="Choose one from the lists")
    context = entry_page(viewer_of(request), found, number(request.GET.get("before")))
    return render(request, "capture/list_entry.html", {**context, "page": "quarantine"})


@require_POST
@needs(Can.QUARANTINE, "edit")
def remove(request: HttpRequest, entry_id: int) -> HttpResponse:
    """Take an entry off its list; what it held stays to be looked at."""
    found = one_entry(entry_id)
    if found is None:
        raise NotFound("There is no such entry", mend="Choose one from the lists")
    remove_entries([entry_id], actor=by_user(viewer_of(request).user_id), now=clock.now())
    messages.success(request, "Taken off. What it held waits in quarantine still.")
    return redirect(f"/lists{'?side=allow' if found.allows else ''}")


@require_GET
@needs(Can.QUARANTINE)
def flagged(request: HttpRequest, run_id: int) -> HttpResponse:
    """The rows of one import that a block list speaks of; they came in all the same."""
    context = flagged_page(viewer_of(request), run_id, number(request.GET.get("before")))
    return render(request, "capture/list_entry.html", {**context, "page": "quarantine"})


def _show(request: HttpRequest, form: ListForm, *, status: int = 200) -> HttpResponse:
    context = list_page(viewer_of(request), request.GET, allows=form.allows)
    return render(request, "capture/lists.html", {**context, "form": form, "page": "quarantine"}, status=status)
